metadata description = 'What operators look at: pending, denied, failing, throttled. The queries are in workbook.json.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Application Insights component.')
param componentId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'qualifications')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Partner qualifications'
    serializedData: replace(loadTextContent('../workbook.json'), 'APPLICATION_INSIGHTS_ID', componentId)
    sourceId: componentId
    version: 'Notebook/1.0'
  }
}
