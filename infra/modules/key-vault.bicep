metadata description = 'Keeps what cannot be a managed identity: the refresh token of the service account, and webhook secrets. It outlives deployments.'

import { tags as allTags } from '../types.bicep'

@description('Name of the vault: 3 to 24 letters, digits and hyphens.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Workspace that the audit log goes to.')
param workspaceId string

@description('Whether the vault has a public endpoint.')
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

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enablePurgeProtection: true
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: defaultAction
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'vault'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the sign-in of the service account. docs/recover.md'
  }
}

#disable-next-line use-recent-api-versions // the last stable version, of 2016, knows no category groups
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}
