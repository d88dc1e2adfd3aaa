metadata description = 'The records, in a storage account of their own that outlives deployments. It refuses keys.'

import { tags as allTags } from '../types.bicep'

@description('Name of the storage account: 3 to 24 lower-case letters and digits.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the table.')
param tableName string

@description('Workspace that the audit log goes to.')
param workspaceId string

@description('Replication. The records are all that is known about requests, so a copy is kept in another region.')
@allowed([
  'Standard_GRS'
  'Standard_RAGRS'
  'Standard_GZRS'
  'Standard_RAGZRS'
  'Standard_ZRS'
  'Standard_LRS'
])
param replication string = 'Standard_GRS'

@description('Whether the account has a public endpoint.')
@allowed([
  'Disabled'
  'Enabled'
])
param publicNetworkAccess string = 'Disabled'

@description('What happens to callers from networks that no rule names.')
@allowed([
  'Deny'
  'Allow'
])
param defaultAction string = 'Deny'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: replication
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: publicNetworkAccess
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: defaultAction
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource records 'Microsoft.Storage/storageAccounts/tableServices/tables@2026-06-01' = {
  parent: tables
  name: tableName
}

// Against a deletion of the account by Azure's own tools. It does not keep anybody with a data role from deleting rows or the table.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'records'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'All that is known about requests. docs/recover.md'
  }
}

#disable-next-line use-recent-api-versions // the last stable version, of 2016, knows no category groups
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
      {
        category: 'StorageWrite'
        enabled: true
      }
    ]
  }
}
