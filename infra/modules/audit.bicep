metadata description = 'Where audit logs go: a workspace of its own, which the cap of the service\'s logs does not blind.'

import { tags as allTags } from '../types.bicep'

@description('Name of the Log Analytics workspace.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 90
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}
