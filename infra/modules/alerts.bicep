metadata description = 'When somebody is told, from the service\'s own log lines: what each alert means and what to do about it is in docs/operate.md.'

import { tags as allTags } from '../types.bicep'

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

// Each query gives the column value: in one row, also where there is nothing to count, or in one for each combination of `by`, so that the
// second customer of a day is told as well, and the mail names whom it is about.
var rules = [
  {
    name: 'access-lost'
    description: 'Requests wait because Partner Center or its sign-in refuses the service.'
    severity: 1
    every: 'PT15M'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
    by: []
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
    by: []
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
    by: []
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
    by: []
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
    by: ['customerTenantId', 'reason', 'reference', 'requestId', 'source']
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
    by: []
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
    by: ['customerTenantId', 'errorCode', 'requestId']
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
    by: ['customerTenantId', 'reference', 'requestId']
    query: loadTextContent('../queries/reviews-overdue.kql')
  }
  {
    name: 'many-waiting'
    description: 'More requests than a person reads mails about were put to a person in a day.'
    severity: 2
    every: 'PT1H'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 20
    by: []
    query: loadTextContent('../queries/many-waiting.kql')
  }
  {
    name: 'senders-refused'
    description: 'A CRM is refused: its secret, its signature or its address is wrong.'
    severity: 2
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    by: ['cause', 'source']
    query: loadTextContent('../queries/senders-refused.kql')
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
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
        actionGroups: [
          actionGroup.id
        ]
      }
    }
  }
]
