metadata description = 'When somebody is told, from what Azure measures and logs: Service Bus, the health check from outside, audit, the cap of the logs.'

import { subject } from '../mail.bicep'
import { tags as allTags } from '../types.bicep'
import { queueName, refreshTokenSecretName, topicName } from '../names.bicep'

@description('Who is told: the action group.')
param actionGroupName string

@description('How the names of the alerts begin.')
param prefix string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the workspace of the logs.')
param workspaceName string

@description('Name of the workspace of the audit.')
param auditWorkspaceName string

@description('Name of the Service Bus namespace.')
param serviceBusName string

@description('Name of the managed identity of the service, which alone reads the refresh token every day.')
param identityName string

@description('Address of the service.')
param serviceUrl string

// Stands in a query for the one who may.
var serviceId = 'SERVICE_CLIENT_ID'
var metrics = [
  {
    // The metric knows queue and topic, not subscription: it counts what is dead-lettered in any subscription of the topic.
    name: 'dead-letters'
    description: 'Messages are in a dead-letter queue.'
    severity: 1
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
    entity: '*'
  }
  {
    name: 'queue-stuck'
    description: 'The queue has not been empty for an hour: nobody works it off, or not fast enough.'
    severity: 2
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: 0
    window: 'PT1H'
    entity: queueName
  }
  {
    // Four fifths of the 5 GB that service-bus.bicep gives it.
    name: 'topic-full'
    description: 'The topic is filling up: a subscription is not read.'
    severity: 2
    metric: 'Size'
    aggregation: 'Average'
    threshold: 4294967296
    window: 'PT1H'
    entity: topicName
  }
]
var logs = [
  {
    name: 'log-cap'
    description: 'The logs of today have reached their cap: the other alerts are blind until tomorrow.'
    workspaceName: workspaceName
    by: []
    query: loadTextContent('../queries/log-cap.kql')
  }
  {
    name: 'table-deleted'
    description: 'Somebody has deleted a table of the records.'
    workspaceName: auditWorkspaceName
    by: ['AccountName', 'RequesterObjectId']
    query: loadTextContent('../queries/table-deleted.kql')
  }
  {
    name: 'token-read'
    description: 'Somebody other than the service has read the refresh token of the service account.'
    workspaceName: auditWorkspaceName
    by: ['CallerIPAddress', 'reader']
    query: replace(loadTextContent('../queries/token-read.kql'), 'REFRESH_TOKEN_SECRET', refreshTokenSecretName)
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName
}

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in metrics: {
    name: '${prefix}-${rule.name}'
    #disable-next-line no-hardcoded-location // it has no region
    location: 'global'
    tags: tags
    properties: {
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      scopes: [namespace.id]
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            metricName: rule.metric
            timeAggregation: rule.aggregation
            operator: 'GreaterThan'
            threshold: rule.threshold
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: [rule.entity]
              }
            ]
          }
        ]
      }
      actions: [{ actionGroupId: actionGroup.id }]
    }
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in logs: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${prefix}-${rule.name}'
      description: rule.description
      severity: 1
      enabled: true
      autoMitigate: true
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      scopes: [resourceId('Microsoft.OperationalInsights/workspaces', rule.workspaceName)]
      // A table of a new workspace has no columns before its first row.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: contains(rule.query, serviceId) ? replace(rule.query, serviceId, identity.properties.clientId) : rule.query
            metricMeasureColumn: 'value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [
              for column in rule.by: {
                name: column
                operator: 'Include'
                values: ['*']
              }
            ]
            failingPeriods: {
              minFailingPeriodsToAlert: 1
              numberOfEvaluationPeriods: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroup.id]
        actionProperties: empty(rule.by) ? {} : { 'Email.Subject': subject(rule.name, length(rule.by)) }
      }
    }
  }
]

resource healthTest 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${prefix}-health'
  location: location
  tags: union(tags, { 'hidden-link:${component.id}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: '${prefix}-health'
    SyntheticMonitorId: '${prefix}-health'
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    Timeout: 60
    RetryEnabled: true
    // Two places, because one of them may have a bad day.
    Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'emea-se-sto-edge' }]
    Request: {
      RequestUrl: '${serviceUrl}/api/health'
      HttpVerb: 'GET'
    }
    ValidationRules: { ExpectedHttpStatusCode: 200 }
  }
}

resource unhealthy 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-unhealthy'
  #disable-next-line no-hardcoded-location // it has no region
  location: 'global'
  tags: tags
  properties: {
    description: 'The health check does not answer 200 from outside.'
    severity: 1
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    scopes: [healthTest.id, component.id]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      componentId: component.id
      webTestId: healthTest.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}
