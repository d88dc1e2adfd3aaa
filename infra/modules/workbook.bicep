metadata description = 'What operators look at: pending, denied, failing, throttled. The queries are in workbook.json.'

import { tags as allTags } from '../types.bicep'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the Application Insights component.')
param componentName string

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'qualifications')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Partner qualifications'
    serializedData: replace(loadTextContent('../workbook.json'), 'APPLICATION_INSIGHTS_ID', component.id)
    sourceId: component.id
    version: 'Notebook/1.0'
  }
}
