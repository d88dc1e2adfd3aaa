metadata description = 'Everything the service needs in Azure, in a resource group of its own.'

targetScope = 'subscription'

@description('Name of this deployment: the resource group is named after it, and every name is made unique by it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region. It must offer Flex Consumption with Python 3.13.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of the operator, who signs in as the service account and stores the secrets; empty for nobody.')
param principalId string = ''

@description('Tenant of the partner.')
param partnerTenantId string

@description('Client id of the app registration that Partner Center knows.')
param partnerCenterClientId string

@description('Whether the app registration proves itself by a client secret, kept in the vault as partner-center-client-secret, instead of by the managed identity.')
param clientSecretInVault bool = false

@description('CRMs whose webhooks are taken, separated by commas; each has its secret in the vault as webhook-SOURCE.')
param webhookSources string = ''

@description('What else is set, by setting name: { WEBHOOK_STANDARD_FIELDS: ... }, and SERVICE_URL behind a gateway. Texts, and no secrets.')
param webhookSettings object = {}

@description('Whether callers are asked for a client certificate; none is required. Salesforce can show one.')
param asksForCertificate bool = false

@description('Who gets the alerts.')
param alertEmail string

@description('Your own subscriptions to the events, beside the samples: objects of name and sqlFilter.')
param eventSubscriptions array = []

@description('Private profile: storage, vault and Service Bus (Premium) answer inside a virtual network only.')
param vnetEnabled bool = false

@description('Whether the service owns its queue, should the scale controller need that to wake the app. docs/deploy.md.')
param ownsQueue bool = false

@description('Instances that stay warm for webhooks: 0 costs nothing, 1 spares a CRM the cold start.')
param alwaysReadyHttp int = 0

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var access = vnetEnabled ? 'Disabled' : 'Enabled'
var defaultAction = vnetEnabled ? 'Deny' : 'Allow'
var refreshTokenSecretName = 'refresh-token'
var clientSecretName = clientSecretInVault ? 'partner-center-client-secret' : ''

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.identity}${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.workspace}${token}'
    componentName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${abbreviations.storage}${token}'
    location: location
    tags: tags
    packageContainer: 'app-package'
    workspaceId: monitoring.outputs.workspaceId
    publicNetworkAccess: access
    defaultAction: defaultAction
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    publicNetworkAccess: access
    defaultAction: defaultAction
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: '${abbreviations.serviceBus}${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    sku: vnetEnabled ? 'Premium' : 'Standard'
    publicNetworkAccess: access
    ownSubscriptions: eventSubscriptions
  }
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: tags
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (vnetEnabled) {
  name: 'private-endpoints'
  scope: group
  params: {
    prefix: '${abbreviations.privateEndpoint}${token}'
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    storageId: storage.outputs.id
    vaultId: keyVault.outputs.id
    serviceBusId: serviceBus.outputs.id
  }
}

module accessRights 'modules/access.bicep' = {
  name: 'access'
  scope: group
  params: {
    servicePrincipalId: identity.outputs.principalId
    operatorPrincipalId: principalId
    storageName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    queueName: serviceBus.outputs.queueName
    topicName: serviceBus.outputs.topicName
    vaultName: keyVault.outputs.name
    refreshTokenSecretName: refreshTokenSecretName
    clientSecretName: clientSecretName
    webhookSources: webhookSources
    componentName: monitoring.outputs.componentName
    ownsQueue: ownsQueue
  }
}

module appSettings 'modules/app-settings.bicep' = {
  name: 'app-settings'
  scope: group
  params: {
    identityClientId: identity.outputs.clientId
    tableUrl: storage.outputs.tableUrl
    serviceBusHostName: serviceBus.outputs.hostName
    queueName: serviceBus.outputs.queueName
    topicName: serviceBus.outputs.topicName
    vaultUrl: keyVault.outputs.url
    refreshTokenSecretName: refreshTokenSecretName
    clientSecretName: clientSecretName
    partnerTenantId: partnerTenantId
    partnerCenterClientId: partnerCenterClientId
    webhookSources: webhookSources
    webhookSettings: webhookSettings
  }
}

// After the roles, so that the first start finds its storage open.
module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.functionApp}${token}'
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    componentName: monitoring.outputs.componentName
    storageName: storage.outputs.name
    packageUrl: storage.outputs.packageUrl
    appSettings: appSettings.outputs.settings
    subnetId: network.?outputs.appSubnetId ?? ''
    alwaysReadyHttp: alwaysReadyHttp
    asksForCertificate: asksForCertificate
  }
  dependsOn: [
    accessRights
    privateEndpoints
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    actionGroupName: '${abbreviations.actionGroup}${token}'
    prefix: '${abbreviations.alert}${token}'
    location: location
    tags: tags
    email: alertEmail
    componentId: monitoring.outputs.componentId
    serviceBusId: serviceBus.outputs.id
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    componentId: monitoring.outputs.componentId
  }
}

// azd keeps these as environment values of the same names.
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_APP_NAME string = functionApp.outputs.name
output SERVICE_APP_URL string = functionApp.outputs.url
output SERVICE_BUS_HOST_NAME string = serviceBus.outputs.hostName
output KEY_VAULT_NAME string = keyVault.outputs.name

@description('Where the refresh token is kept; the sign-in command reads it under this name.')
output PARTNER_CENTER_REFRESH_TOKEN string = '${keyVault.outputs.url}secrets/${refreshTokenSecretName}'

@description('Subject of the federated credential on the app registration: the identity of the service.')
output FEDERATED_CREDENTIAL_SUBJECT string = identity.outputs.principalId
