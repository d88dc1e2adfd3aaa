metadata description = 'The service itself: a Flex Consumption plan and app. It connects to everything as the managed identity.'

@description('Name of the function app.')
param name string

@description('Name of the plan; Flex Consumption wants one for each app.')
param planName string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the managed identity.')
param identityId string

@description('Client id of the managed identity.')
param identityClientId string

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the storage account of host and records.')
param storageName string

@description('Endpoint of the container that the package is deployed to.')
param packageUrl string

@description('App settings of the service, beside those of the host: objects of name and value.')
param appSettings array

@description('Subnet that outgoing calls leave from; empty for none.')
param subnetId string

@description('HTTP calls that one instance answers at a time. For Python the platform says one unless it is told.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('Memory of an instance in MB; 2048 comes with one core.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Instances at most; 40 is the lowest that Microsoft documents.')
param maximumInstanceCount int = 40

@description('Instances that stay warm for webhooks: 0 costs nothing, 1 spares a CRM the cold start.')
param alwaysReadyHttp int = 0

@description('Whether callers are asked for a client certificate; none is required.')
param asksForCertificate bool = false

@description('Whether the plan is spread over zones; not every region can, and it costs two warm instances.')
param zoneRedundant bool = false

var warm = alwaysReadyHttp == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyHttp }]
var host = [
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identityClientId};Authorization=AAD'
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: component.properties.ConnectionString
  }
  {
    name: 'AzureWebJobsStorage__accountName'
    value: storageName
  }
  {
    name: 'AzureWebJobsStorage__clientId'
    value: identityClientId
  }
  {
    name: 'AzureWebJobsStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY'
    value: 'true'
  }
  {
    // The service's own loggers; the SDKs log every call they make.
    name: 'PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME'
    value: 'qualification'
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  // checkov:skip=CKV_AZURE_225: zones are a parameter, because not every region offers them to Flex Consumption
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  // checkov:skip=CKV_AZURE_17: most CRMs have no client certificate, they sign their webhooks; asksForCertificate asks for one
  // checkov:skip=CKV_AZURE_212: Flex Consumption scales with events, it has no number of workers
  // checkov:skip=CKV_AZURE_213: Flex Consumption replaces instances by itself; GET /api/health is for monitors
  // checkov:skip=CKV_AZURE_222: CRMs send their webhooks from the internet
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    clientCertEnabled: asksForCertificate
    clientCertMode: 'Optional'
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: 'Enabled'
    serverFarmId: plan.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        alwaysReady: warm
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      appSettings: concat(host, appSettings)
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      remoteDebuggingEnabled: false
    }
  }
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Name of the function app.')
output name string = app.name

@description('Address of the service.')
output url string = 'https://${app.properties.defaultHostName}'
