metadata description = 'Who is told of an alert: any number of mailboxes, and a webhook, which a workflow of Teams can be.'

import { tags as allTags } from '../types.bicep'

@description('Name of the action group.')
param name string

@description('Tags of every resource.')
param tags allTags

@description('Mailboxes.')
param emails string[]

@description('Webhook; whoever knows its address may call it.')
@secure()
param webhook string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  #disable-next-line no-hardcoded-location // it has no region
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'qualify'
    emailReceivers: [
      for (email, i) in emails: {
        name: 'operators-${i}'
        emailAddress: trim(email)
        useCommonAlertSchema: true
      }
    ]
    webhookReceivers: empty(webhook)
      ? []
      : [
          {
            name: 'webhook'
            serviceUri: webhook
            useCommonAlertSchema: true
          }
        ]
  }
}
