metadata description = 'The operator stores secrets: the first sign-in, and what a CRM signs with.'

import { builtIn } from '../roles.bicep'

@description('Object id of the operator.')
param principalId string

@description('What the operator is: a person, a group, or an app.')
@allowed([
  'User'
  'Group'
  'ServicePrincipal'
])
param principalType string

@description('Name of the vault.')
param vaultName string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

// At the vault, not at single secrets: a secret that is not there yet could not be stored otherwise.
resource storesSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, builtIn.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.keyVaultSecretsOfficer)
  }
}
