metadata description = 'The service itself: a Flex Consumption plan and app. It connects to everything as the managed identity.'

import { addressRange, tags as allTags } from '../types.bicep'
import { storageSuffix } from '../names.bicep'

@description('Name of the function app.')
param name string

@description('Name of the plan; Flex Consumption wants one for each app.')
param planName string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the managed identity.')
param identityName string

@description('Name of the workspace that the platform\'s own log goes to.')
param workspaceName string

@description('Name of the storage account of the host.')
param storageName string

@description('Name of the container that the package is deployed to.')
param packageContainer string

@description('Network whose subnet "app" outgoing calls leave from; empty for none.')
param networkName string

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

@description('Instances at most, of each group of functions; below 40 Microsoft warns of HTTP requests that fail.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that stay warm for webhooks: 0 costs nothing, 1 spares a CRM the cold start.')
param alwaysReadyHttp int = 0

@description('Whether callers are asked for a client certificate; none is required.')
param asksForCertificate bool = false

@description('Who may call the app, webhooks included, beside the health check from outside; empty for everybody.')
param allowedAddresses addressRange[] = []

@description('Whether the plan is spread over zones; not every region can, and it costs two warm instances.')
param zoneRedundant bool = false

var warm = alwaysReadyHttp == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyHttp }]

var named = [
  for (each, i) in allowedAddresses: {
    action: 'Allow'
    ipAddress: each.range
    name: each.name
    priority: 100 + i
  }
]
// Where the health check of platform-alerts.bicep comes from; without it a restricted app would look unhealthy for ever.
var healthCheck = {
  action: 'Allow'
  ipAddress: 'ApplicationInsightsAvailability'
  name: 'health-check'
  priority: 90
  tag: 'ServiceTag'
}
var restrictions = empty(allowedAddresses) ? [] : union([healthCheck], named)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' existing = if (!empty(networkName)) {
  // A name is wanted even where there is no network.
  name: empty(networkName) ? 'none' : networkName

  resource subnet 'subnets' existing = {
    name: 'app'
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = {
  name: workspaceName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
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

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    clientCertEnabled: asksForCertificate
    clientCertMode: 'Optional'
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    publicNetworkAccess: 'Enabled'
    serverFarmId: plan.id
    virtualNetworkSubnetId: empty(networkName) ? null : network::subnet.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${storageSuffix}/${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
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
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictions: restrictions
      ipSecurityRestrictionsDefaultAction: empty(allowedAddresses) ? 'Allow' : 'Deny'
      minTlsVersion: '1.2'
      remoteDebuggingEnabled: false
    }
  }
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

// In OpenTelemetry mode the log stream is empty: a host that cannot sign in to Application Insights leaves no other trace.
#disable-next-line use-recent-api-versions // the last stable version, of 2016, knows no category groups
resource platform 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'platform'
  scope: app
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
  }
}
