metadata description = 'What the service may do: each role at the narrowest scope that does.'

import { builtIn, ownRoles } from '../roles.bicep'

@description('Name of the managed identity of the service.')
param identityName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the records.')
param recordStorageName string

@description('Name of the table that the records are in.')
param tableName string

@description('Name of the Service Bus namespace.')
param serviceBusName string

@description('Name of the queue.')
param queueName string

@description('Name of the topic.')
param topicName string

@description('Name of the vault.')
param vaultName string

@description('Secret that holds the refresh token.')
param refreshTokenSecretName string

@description('Secrets that app settings refer to.')
param readSecretNames string[]

@description('Name of the Application Insights component.')
param componentName string

@description('Whether the service owns the namespace, should the scale controller need that to wake the app. docs/deploy.md.')
param ownsServiceBus bool = false

var own = ownRoles(resourceGroup().id)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: hostStorageName
}

resource recordStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: recordStorageName

  resource tables 'tableServices' existing = {
    name: 'default'

    resource records 'tables' existing = {
      name: tableName
    }
  }
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName

  resource queue 'queues' existing = {
    name: queueName
  }

  resource topic 'topics' existing = {
    name: topicName
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName

  resource refreshToken 'secrets' existing = {
    name: refreshTokenSecretName
  }
}

resource readSecrets 'Microsoft.KeyVault/vaults/secrets@2026-05-15' existing = [
  for secretName in readSecretNames: {
    parent: vault
    name: secretName
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The host: timer lock and deployed package.
resource ownsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identity.id, builtIn.storageBlobDataOwner)
  scope: hostStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.storageBlobDataOwner)
  }
}

// The records: rows, and not the table.
resource writesRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(recordStorage::tables::records.id, identity.id, own.records)
  scope: recordStorage::tables::records
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', own.records)
  }
}

// Webhooks and the timer put requests on the queue.
resource sendsRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::queue.id, identity.id, builtIn.serviceBusDataSender)
  scope: namespace::queue
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.serviceBusDataSender)
  }
}

// The queue function takes them from it.
resource receivesRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::queue.id, identity.id, builtIn.serviceBusDataReceiver)
  scope: namespace::queue
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.serviceBusDataReceiver)
  }
}

// The scale controller, which signs in as the service, counts what waits.
resource scales 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, identity.id, own.scaling)
  scope: namespace
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', own.scaling)
  }
}

resource ownsNamespace 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (ownsServiceBus) {
  name: guid(namespace.id, identity.id, builtIn.serviceBusDataOwner)
  scope: namespace
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.serviceBusDataOwner)
  }
}

// Every step tells subscribers.
resource sendsEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::topic.id, identity.id, builtIn.serviceBusDataSender)
  scope: namespace::topic
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.serviceBusDataSender)
  }
}

// Microsoft advises a vault for each app rather than roles on single secrets. This vault is the app's own, and yet what reads a webhook's
// secret need not be able to write it, and only one of them is written by the service.
resource rotatesRefreshToken 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::refreshToken.id, identity.id, own.refreshToken)
  scope: vault::refreshToken
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', own.refreshToken)
  }
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (secretName, i) in readSecretNames: {
    name: guid(readSecrets[i].id, identity.id, builtIn.keyVaultSecretsUser)
    scope: readSecrets[i]
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.keyVaultSecretsUser)
    }
  }
]

resource publishesTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, identity.id, builtIn.monitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.monitoringMetricsPublisher)
  }
}
