metadata description = 'Keeps what cannot be a managed identity: the refresh token of the service account, and webhook secrets.'

@description('Name of the vault: 3 to 24 letters, digits and hyphens.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

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

// No secret is declared here: a deployment would write it anew each time and undo the rotation.
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
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

@description('Resource id of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault, with a slash at its end.')
output url string = vault.properties.vaultUri
