metadata description = 'Every role assignment: who may do what, each at the narrowest scope that does.'

@description('Object id of the managed identity of the service.')
param servicePrincipalId string

@description('Object id of the operator, who signs in as the service account and stores the secrets; empty for nobody.')
param operatorPrincipalId string

@description('Name of the storage account of host and records.')
param storageName string

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

@description('Secret that holds the client secret of the app registration; empty where the identity signs in.')
param clientSecretName string

@description('CRMs whose webhooks are taken, separated by commas.')
param webhookSources string

@description('Name of the Application Insights component.')
param componentName string

@description('Whether the service owns its queue, should the scale controller need that to wake the app. docs/deploy.md.')
param ownsQueue bool = false

// Azure built-in roles.
var role = {
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}
var webhookSecrets = empty(webhookSources) ? [] : split(webhookSources, ',')
var operatorSecrets = empty(operatorPrincipalId) ? [] : webhookSecrets

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = {
  parent: namespace
  name: queueName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: namespace
  name: topicName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource refreshToken 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  name: refreshTokenSecretName
}

resource appSecret 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = {
  parent: vault
  // A name is wanted even where no role is given.
  name: empty(clientSecretName) ? 'none' : clientSecretName
}

resource webhooks 'Microsoft.KeyVault/vaults/secrets@2026-02-01' existing = [
  for source in webhookSecrets: {
    parent: vault
    name: 'webhook-${source}'
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The host: timer lock and deployed package.
resource ownsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, servicePrincipalId, role.storageBlobDataOwner)
  scope: storage
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataOwner)
  }
}

// The records.
resource writesTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, servicePrincipalId, role.storageTableDataContributor)
  scope: storage
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
  }
}

// accept and advance put requests on the queue.
resource sendsRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(queue.id, servicePrincipalId, role.serviceBusDataSender)
  scope: queue
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataSender)
  }
}

// submit takes them from it.
resource receivesRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(queue.id, servicePrincipalId, role.serviceBusDataReceiver)
  scope: queue
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataReceiver)
  }
}

resource ownsRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (ownsQueue) {
  name: guid(queue.id, servicePrincipalId, role.serviceBusDataOwner)
  scope: queue
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataOwner)
  }
}

// Every step tells subscribers.
resource sendsEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, servicePrincipalId, role.serviceBusDataSender)
  scope: topic
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataSender)
  }
}

// The refresh token is read, and the next one written back.
resource rotatesRefreshToken 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(refreshToken.id, servicePrincipalId, role.keyVaultSecretsOfficer)
  scope: refreshToken
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsOfficer)
  }
}

resource readsClientSecret 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(clientSecretName)) {
  name: guid(appSecret.id, servicePrincipalId, role.keyVaultSecretsUser)
  scope: appSecret
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
  }
}

resource readsWebhookSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (source, i) in webhookSecrets: {
    name: guid(webhooks[i].id, servicePrincipalId, role.keyVaultSecretsUser)
    scope: webhooks[i]
    properties: {
      principalId: servicePrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
    }
  }
]

resource publishesTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, servicePrincipalId, role.monitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.monitoringMetricsPublisher)
  }
}

// The operator stores the first refresh token and the other secrets.
resource storesRefreshToken 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(refreshToken.id, operatorPrincipalId, role.keyVaultSecretsOfficer)
  scope: refreshToken
  properties: {
    principalId: operatorPrincipalId
    principalType: 'User'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsOfficer)
  }
}

resource storesClientSecret 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId) && !empty(clientSecretName)) {
  name: guid(appSecret.id, operatorPrincipalId, role.keyVaultSecretsOfficer)
  scope: appSecret
  properties: {
    principalId: operatorPrincipalId
    principalType: 'User'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsOfficer)
  }
}

resource storesWebhookSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (source, i) in operatorSecrets: {
    name: guid(webhooks[i].id, operatorPrincipalId, role.keyVaultSecretsOfficer)
    scope: webhooks[i]
    properties: {
      principalId: operatorPrincipalId
      principalType: 'User'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsOfficer)
    }
  }
]
