metadata description = 'When somebody is told: what each alert means and what to do about it is in docs/operate.md.'

import { tags as allTags } from '../types.bicep'

@description('Name of the action group.')
param actionGroupName string

@description('How the names of the alerts begin.')
param prefix string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Who is told.')
param email string

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the Service Bus namespace.')
param serviceBusName string

// Each query gives one row with the column value, also where there is nothing to count.
var rules = [
  {
    name: 'access-lost'
    description: 'Requests wait because Partner Center or its sign-in refuses the service.'
    severity: 1
    every: 'PT15M'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
    query: loadTextContent('../queries/access-lost.kql')
  }
  {
    name: 'advance-missed'
    description: 'The timer has not run for a quarter of an hour: nothing is reviewed, retried or published.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    operator: 'LessThan'
    threshold: 1
    query: loadTextContent('../queries/advance-missed.kql')
  }
  {
    name: 'events-late'
    description: 'An event has waited for more than a quarter of an hour to be published.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 900
    query: loadTextContent('../queries/events-late.kql')
  }
  {
    name: 'functions-failing'
    description: 'Functions fail again and again.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 4
    query: loadTextContent('../queries/functions-failing.kql')
  }
  {
    name: 'person-needed'
    description: 'Something waits that only a person can decide or correct.'
    severity: 3
    every: 'PT1H'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 0
    query: loadTextContent('../queries/person-needed.kql')
  }
  {
    name: 'refresh-token-old'
    description: 'The refresh token was last renewed more than 60 days ago; it dies at 90.'
    severity: 2
    every: 'PT1H'
    window: 'PT6H'
    operator: 'GreaterThan'
    threshold: 60
    query: loadTextContent('../queries/refresh-token-old.kql')
  }
  {
    name: 'requests-failed'
    description: 'Requests have failed for good.'
    severity: 3
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    query: loadTextContent('../queries/requests-failed.kql')
  }
  {
    name: 'reviews-overdue'
    description: 'Microsoft has taken longer over a vetting than REVIEW_OVERDUE.'
    severity: 3
    every: 'PT1H'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 0
    query: loadTextContent('../queries/reviews-overdue.kql')
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  #disable-next-line no-hardcoded-location // it has no region
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'qualify'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// The metric knows queue and topic, not subscription: it counts what is dead-lettered in any subscription of the topic.
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-dead-letters'
  #disable-next-line no-hardcoded-location // it has no region
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages are in a dead-letter queue.'
    severity: 1
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    scopes: [
      namespace.id
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroup.id
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${prefix}-${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      evaluationFrequency: rule.every
      windowSize: rule.window
      scopes: [
        component.id
      ]
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'value'
            timeAggregation: 'Maximum'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              minFailingPeriodsToAlert: 1
              numberOfEvaluationPeriods: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [
          actionGroup.id
        ]
      }
    }
  }
]
