metadata description = 'Our own roles, where Azure has none that is narrow enough. Role names are unique in a tenant, so they carry the token.'

import { ownRoles } from '../roles.bicep'

@description('What makes the names of this deployment its own.')
param token string

var ids = ownRoles(resourceGroup().id)

// "Storage Table Data Contributor" may delete the table; this one may not even see that there is one.
resource records 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: ids.records
  properties: {
    roleName: 'Qualification records (${token})'
    description: 'Reads, writes and deletes rows; neither makes nor deletes a table.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/write'
        ]
      }
    ]
  }
}

// "Key Vault Secrets Officer" may also delete, purge, restore and back up.
resource refreshToken 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: ids.refreshToken
  properties: {
    roleName: 'Qualification refresh token (${token})'
    description: 'Reads a secret, stores the next version of it and disables older ones.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action'
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action'
          'Microsoft.KeyVault/vaults/secrets/setSecret/action'
          'Microsoft.KeyVault/vaults/secrets/update/action'
        ]
      }
    ]
  }
}

// The scale controller reads how many messages wait ("Identity-based connections", azure-functions-host's ServiceBusTargetScaler).
resource scaling 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: ids.scaling
  properties: {
    roleName: 'Qualification scaling (${token})'
    description: 'Reads what a Service Bus namespace has and how many messages wait in it, and no message.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: [
          'Microsoft.ServiceBus/namespaces/*/read'
        ]
        dataActions: []
      }
    ]
  }
}
