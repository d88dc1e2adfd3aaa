metadata description = 'The queue that spreads work out, and the topic that subscribers listen to. The namespace refuses keys.'

@description('Name of the namespace.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Workspace that the operational log goes to.')
param workspaceId string

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

@description('Your own subscriptions to the events, beside the samples: objects of name and sqlFilter.')
param ownSubscriptions array = []

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
var wanted = concat(samples, ownSubscriptions)

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
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

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'qualification-requests'
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

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'qualification-events'
  properties: {
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: 'P7D'
    requiresDuplicateDetection: true
  }
}

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for subscription in wanted: {
    parent: topic
    name: subscription.name
    properties: {
      deadLetteringOnFilterEvaluationExceptions: true
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresSession: false
    }
  }
]

// A new subscription has a rule $Default that matches everything; taking its name takes its place.
resource filters 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
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

resource operations 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'operations'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Name of the namespace.')
output name string = namespace.name

@description('Host name of the namespace.')
output hostName string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')

@description('Name of the queue.')
output queueName string = queue.name

@description('Name of the topic.')
output topicName string = topic.name
