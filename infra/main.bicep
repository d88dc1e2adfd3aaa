metadata description = 'The service, in the resource group that bootstrap.bicep has made; it can be deployed, and deleted, as often as one likes.'

import * as know from 'names.bicep'
import { addressRange, eventSubscription, moreSettings, pace as pacing } from 'types.bicep'

@description('Name of this deployment, as it was given to bootstrap.bicep.')
@minLength(1)
@maxLength(64)
param environmentName string
@description('Region, as it was given to bootstrap.bicep.')
@metadata({ azd: { type: 'location' } })
param location string
@description('Tenant of the partner.')
param partnerTenantId string
@description('Client id of the app registration that Partner Center knows.')
param partnerCenterClientId string
@description('Whether the app registration proves itself by a client secret, kept in the vault as partner-center-client-secret, instead of by the managed identity.')
param clientSecretInVault bool = false
@description('CRMs whose webhooks are taken, separated by commas; each has its secret in the vault as webhook-SOURCE.')
param webhookSources string = ''
@description('What else is set, by setting name: { WEBHOOK_STANDARD_FIELDS: ... }, and SERVICE_URL behind a gateway. Texts, and no secrets.')
param webhookSettings moreSettings = {}
@description('Qualifications that wait for a person before they are sent, separated by commas; empty for none.')
param confirmQualifications string = ''
@description('How often, and how patiently, the service reads and tries again, by setting name; what is left out has its default.')
param pace pacing = {}
@description('Whether callers are asked for a client certificate; none is required. Salesforce can show one.')
param asksForCertificate bool = false
@description('Who may call the app, webhooks included, as objects of name and range; empty for everybody.')
param allowedAddresses addressRange[] = []
@description('Who gets the alerts: mailboxes, separated by commas.')
param alertEmail string
@description('A webhook that gets the alerts too, such as a workflow of Teams; empty for none.')
@secure()
param alertWebhook string = ''
@description('Your subscriptions to the events, as objects of name and sqlFilter.')
param eventSubscriptions eventSubscription[] = []
@description('Whether three subscriptions to try things out with are made; what nobody reads fills the topic.')
param sampleSubscriptions bool = false
@description('Private profile: storage and vault answer inside a virtual network only, and so does Service Bus (Premium) unless it is taken out.')
param vnetEnabled bool = false
@description('Whether the private profile takes Service Bus off the internet too, which needs Premium.')
param serviceBusPrivate bool = true
@description('Whether the service owns its namespace, should the scale controller need that to wake the app. docs/deploy.md.')
param ownsServiceBus bool = false
@description('Instances that stay warm for webhooks: 0 costs nothing, 1 spares a CRM the cold start.')
param alwaysReadyHttp int = 0
@description('Instances at most, of each group of functions; below 40 Microsoft warns of HTTP requests that fail.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40
@description('Memory of an instance in MB; 2048 comes with one core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048
@description('Whether the plan is spread over zones; not every region can, and it costs two warm instances.')
param zoneRedundant bool = false
@description('How long logs are kept, in days: longer than the longest vetting, so that the workbook knows what is pending.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90
@description('What one day may bring at most, in GB; ingestion stops for the day above it, and an alert tells.')
@minValue(1)
param dailyQuotaGb int = 1
@description('What a secret holds until a person stores the real one: nothing that could be guessed.')
@secure()
param placeholder string = newGuid()
var token = know.tokenOf(subscription().id, environmentName, location)
var names = know.namesOf(token)
var tags = { 'azd-env-name': environmentName }
var access = vnetEnabled ? 'Disabled' : 'Enabled'
var defaultAction = vnetEnabled ? 'Deny' : 'Allow'
var busIsPrivate = vnetEnabled && serviceBusPrivate
var clientSecretName = clientSecretInVault ? 'partner-center-client-secret' : ''
var sources = empty(webhookSources) ? [] : split(webhookSources, ',')
var webhookSecretNames = [for source in sources: 'webhook-${source}']
var readSecretNames = concat(empty(clientSecretName) ? [] : [clientSecretName], webhookSecretNames)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    componentName: names.applicationInsights
    location: location
    tags: tags
    retentionInDays: logRetentionDays
    dailyQuotaGb: dailyQuotaGb
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    packageContainer: know.packageContainer
    publicNetworkAccess: access
    defaultAction: defaultAction
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    name: names.serviceBus
    location: location
    tags: tags
    workspaceName: names.workspace
    queueName: know.queueName
    topicName: know.topicName
    sku: busIsPrivate ? 'Premium' : 'Standard'
    publicNetworkAccess: busIsPrivate ? 'Disabled' : 'Enabled'
    eventSubscriptions: eventSubscriptions
    sampleSubscriptions: sampleSubscriptions
  }
  dependsOn: [monitoring]
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  params: { name: names.virtualNetwork, location: location, tags: tags }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (vnetEnabled) {
  params: {
    prefix: names.privateEndpoint
    location: location
    tags: tags
    networkName: names.virtualNetwork
    hostStorageName: names.hostStorage
    recordStorageName: names.recordStorage
    vaultName: names.keyVault
    serviceBusName: busIsPrivate ? names.serviceBus : ''
  }
  dependsOn: [hostStorage, network, serviceBus]
}

module secrets 'modules/secrets.bicep' = {
  params: { vaultName: names.keyVault, secretNames: concat([know.refreshTokenSecretName], readSecretNames), placeholder: placeholder }
}

module accessRights 'modules/access.bicep' = {
  params: {
    identityName: names.identity
    hostStorageName: names.hostStorage
    recordStorageName: names.recordStorage
    tableName: know.tableName
    serviceBusName: names.serviceBus
    queueName: know.queueName
    topicName: know.topicName
    vaultName: names.keyVault
    refreshTokenSecretName: know.refreshTokenSecretName
    readSecretNames: readSecretNames
    componentName: names.applicationInsights
    ownsServiceBus: ownsServiceBus
  }
  dependsOn: [hostStorage, monitoring, secrets, serviceBus]
}

// After the roles, so that the first start finds its storage open.
module functionApp 'modules/function-app.bicep' = {
  params: {
    name: names.functionApp
    planName: names.plan
    location: location
    tags: tags
    identityName: names.identity
    workspaceName: names.workspace
    storageName: names.hostStorage
    packageContainer: know.packageContainer
    networkName: vnetEnabled ? names.virtualNetwork : ''
    alwaysReadyHttp: alwaysReadyHttp
    asksForCertificate: asksForCertificate
    allowedAddresses: allowedAddresses
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    zoneRedundant: zoneRedundant
  }
  dependsOn: [accessRights, network, privateEndpoints]
}

module appSettings 'modules/app-settings.bicep' = {
  params: {
    appName: names.functionApp
    identityName: names.identity
    componentName: names.applicationInsights
    hostStorageName: names.hostStorage
    recordStorageName: names.recordStorage
    serviceBusName: names.serviceBus
    queueName: know.queueName
    topicName: know.topicName
    vaultName: names.keyVault
    refreshTokenSecretName: know.refreshTokenSecretName
    clientSecretName: clientSecretName
    partnerTenantId: partnerTenantId
    partnerCenterClientId: partnerCenterClientId
    webhookSources: sources
    confirmQualifications: confirmQualifications
    more: webhookSettings
    pace: pace
  }
  dependsOn: [functionApp]
}

module actionGroup 'modules/action-group.bicep' = {
  params: { name: names.actionGroup, tags: tags, emails: split(alertEmail, ','), webhook: alertWebhook }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    actionGroupName: names.actionGroup
    prefix: names.alert
    location: location
    tags: tags
    componentName: names.applicationInsights
  }
  dependsOn: [actionGroup, monitoring]
}

module platformAlerts 'modules/platform-alerts.bicep' = {
  params: {
    actionGroupName: names.actionGroup
    prefix: names.alert
    location: location
    tags: tags
    componentName: names.applicationInsights
    workspaceName: names.workspace
    auditWorkspaceName: names.auditWorkspace
    serviceBusName: names.serviceBus
    identityName: names.identity
    serviceUrl: 'https://${names.functionApp}.${know.appSuffix}'
  }
  dependsOn: [actionGroup, monitoring, serviceBus]
}

module workbook 'modules/workbook.bicep' = {
  params: { location: location, tags: tags, componentName: names.applicationInsights }
  dependsOn: [monitoring]
}

// azd keeps these as environment values of the same names.
output AZURE_RESOURCE_GROUP string = resourceGroup().name
output SERVICE_APP_NAME string = names.functionApp
output SERVICE_APP_URL string = 'https://${names.functionApp}.${know.appSuffix}'
output SERVICE_BUS_HOST_NAME string = '${names.serviceBus}.${know.serviceBusSuffix}'
output KEY_VAULT_NAME string = names.keyVault
@description('Where the refresh token is kept; the sign-in command reads it under this name.')
output PARTNER_CENTER_REFRESH_TOKEN string = 'https://${names.keyVault}.${know.vaultSuffix}/secrets/${know.refreshTokenSecretName}'
@description('Subject of the federated credential on the app registration: the identity of the service.')
output FEDERATED_CREDENTIAL_SUBJECT string = identity.properties.principalId
