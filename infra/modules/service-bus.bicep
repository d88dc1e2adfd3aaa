metadata description = 'The queue that spreads work out, and the topic that subscribers listen to. The namespace refuses keys.'

import { eventSubscription, tags as allTags } from '../types.bicep'

@description('Name of the namespace.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the workspace that the operational log goes to.')
param workspaceName string

@description('Name of the queue.')
param queueName string

@description('Name of the topic.')
param topicName string

@description('Standard has all that is used here; Premium is needed for private endpoints.')
@allowed([
  'Standard'
  'Premium'
])
param sku string = 'Standard'

@description('Whether the namespace has a public endpoint.')
@allowed([
  'Disabled'
  'Enabled'
])
param publicNetworkAccess string = 'Disabled'

@description('Your subscriptions to the events.')
param eventSubscriptions eventSubscription[] = []

@description('Whether three subscriptions to try things out with are made; what nobody reads fills the topic.')
param sampleSubscriptions bool = false

var samples = [
  {
    name: 'all'
    sqlFilter: '1=1'
  }
  {
    name: 'decisions'
    sqlFilter: 'status IN (\'Approved\', \'Denied\', \'Failed\', \'Revoked\')'
  }
  {
    name: 'attention'
    sqlFilter: 'cloudEvents_type = \'qualification.attention-required.v1\''
  }
]
var wanted = concat(sampleSubscriptions ? samples : [], eventSubscriptions)

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' existing = {
  name: workspaceName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = {
  parent: namespace
  name: queueName
  properties: {
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'P7D'
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    requiresDuplicateDetection: true
    requiresSession: false
  }
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = {
  parent: namespace
  name: topicName
  properties: {
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'P7D'
    maxSizeInMegabytes: 5120
    requiresDuplicateDetection: true
  }
}

// An event that nobody has read for two weeks goes: dead letters that nobody reads would fill the topic, and stop it for everybody.
resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = [
  for subscription in wanted: {
    parent: topic
    name: subscription.name
    properties: {
      deadLetteringOnFilterEvaluationExceptions: true
      deadLetteringOnMessageExpiration: false
      defaultMessageTimeToLive: 'P14D'
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresSession: false
    }
  }
]

// A new subscription has a rule $Default that matches everything; taking its name takes its place.
resource filters 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2026-01-01' = [
  for (subscription, i) in wanted: {
    parent: subscriptions[i]
    name: '$Default'
    properties: {
      filterType: 'SqlFilter'
      sqlFilter: {
        sqlExpression: subscription.sqlFilter
      }
    }
  }
]

#disable-next-line use-recent-api-versions // the last stable version, of 2016, knows no category groups
resource operations 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'operations'
  scope: namespace
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}
