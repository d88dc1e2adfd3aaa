metadata description = 'When somebody is told, from the service\'s own log lines: what each alert means and what to do about it is in docs/operate.md.'

import { subject } from '../mail.bicep'
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
    name: 'everybody-held'
    description: 'Nothing is written to Partner Center for anybody: a cause outside, a person\'s stop, or a pause of more than an hour.'
    severity: 1
    every: 'PT15M'
    window: 'PT30M'
    operator: 'GreaterThan'
    threshold: 0
    by: ['part', 'reason', 'remedy']
    query: loadTextContent('../queries/everybody-held.kql')
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
    name: 'many-waiting'
    description: 'More requests wait than a person reads mails about.'
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
    operator: 'GreaterThan'
    threshold: 20
    by: []
    query: loadTextContent('../queries/many-waiting.kql')
  }
  {
    name: 'person-needed'
    description: 'Something has happened that only a person can correct.'
    severity: 3
    every: 'PT1H'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 0
    by: ['customerTenantId', 'reason', 'reference', 'remedy', 'requestId', 'source']
    query: loadTextContent('../queries/person-needed.kql')
  }
  {
    name: 'queued-long'
    description: 'A request has been queued for more than two hours, and waits for nothing but its turn.'
    severity: 2
    every: 'PT15M'
    window: 'PT4H'
    operator: 'GreaterThan'
    threshold: 2
    by: []
    query: loadTextContent('../queries/queued-long.kql')
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
    name: 'request-waiting'
    description: 'A request waits for a decision, or for a cause that somebody was told.'
    severity: 3
    every: 'PT15M'
    window: 'PT30M'
    operator: 'GreaterThan'
    threshold: 0
    by: ['customerTenantId', 'reason', 'reference', 'remedy', 'requestId', 'source']
    query: loadTextContent('../queries/request-waiting.kql')
  }
  {
    name: 'requests-failed'
    description: 'Requests have failed for good.'
    severity: 3
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    by: ['customerTenantId', 'errorCode', 'reference', 'remedy', 'requestId']
    query: loadTextContent('../queries/requests-failed.kql')
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
        actionProperties: empty(rule.by) ? {} : { 'Email.Subject': subject(rule.name, length(rule.by)) }
      }
    }
  }
]
