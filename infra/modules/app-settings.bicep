metadata description = 'The app settings of the service; what each means is told in docs/operate.md. None is a secret.'

@description('Client id of the managed identity.')
param identityClientId string

@description('Endpoint of the table service that the records are in.')
param tableUrl string

@description('Host name of the Service Bus namespace.')
param serviceBusHostName string

@description('Name of the queue.')
param queueName string

@description('Name of the topic.')
param topicName string

@description('Address of the vault, with a slash at its end.')
param vaultUrl string

@description('Secret in the vault that holds the refresh token of the service account.')
param refreshTokenSecretName string

@description('Secret in the vault that holds the client secret of the app registration; empty where the identity signs in.')
param clientSecretName string

@description('Tenant of the partner.')
param partnerTenantId string

@description('Client id of the app registration that Partner Center knows.')
param partnerCenterClientId string

@description('CRMs whose webhooks are taken, separated by commas; each has its secret in the vault as webhook-SOURCE.')
param webhookSources string

@description('What else is set, by setting name: { WEBHOOK_STANDARD_FIELDS: ... }, and SERVICE_URL behind a gateway. Texts, and no secrets.')
param webhookSettings object

@description('How often, and how patiently, the service looks and tries again; durations as ISO 8601. docs/operate.md.')
param pace object = {
  ADVANCE_SCHEDULE: '0 * * * * *'
  PARTNER_CENTER_MAX_CONCURRENCY: '8'
  PARTNER_CENTER_TIMEOUT: 'PT30S'
  PARTNER_CENTER_WRITE_TIMEOUT: 'PT3M'
  REVIEW_FIRST: 'PT5M'
  REVIEW_MAX: 'PT4H'
  REVIEW_GROWTH: '0.05'
  REVIEW_OVERDUE: 'P5D'
  REVIEW_APPROVED: 'P30D'
  REVIEW_AGAIN: 'PT6H'
  REVIEW_ENDED: 'P7D'
  RETRY_FIRST: 'PT1M'
  RETRY_MAX: 'PT1H'
  RESEND_AFTER: 'PT1H'
  CLOCK_AHEAD: 'PT5M'
}

var sources = empty(webhookSources) ? [] : split(webhookSources, ',')
var clientSecretReference = '@Microsoft.KeyVault(SecretUri=${vaultUrl}secrets/${clientSecretName})'
var connections = [
  {
    name: 'AZURE_CLIENT_ID'
    value: identityClientId
  }
  {
    name: 'RecordStorage__clientId'
    value: identityClientId
  }
  {
    name: 'RecordStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'RecordStorage__tableServiceUri'
    value: tableUrl
  }
  {
    name: 'ServiceBusConnection__clientId'
    value: identityClientId
  }
  {
    name: 'ServiceBusConnection__credential'
    value: 'managedidentity'
  }
  {
    name: 'ServiceBusConnection__fullyQualifiedNamespace'
    value: serviceBusHostName
  }
  {
    name: 'QUALIFICATION_QUEUE'
    value: queueName
  }
  {
    name: 'QUALIFICATION_TOPIC'
    value: topicName
  }
]
// An empty value is read as a setting that is left out.
var partnerCenter = [
  {
    name: 'PARTNER_CENTER_CLIENT_ID'
    value: partnerCenterClientId
  }
  {
    name: 'PARTNER_CENTER_CLIENT_SECRET'
    value: empty(clientSecretName) ? '' : clientSecretReference
  }
  {
    name: 'PARTNER_CENTER_FEDERATED_IDENTITY'
    value: string(empty(clientSecretName))
  }
  {
    name: 'PARTNER_CENTER_LOGIN_URL'
    value: environment().authentication.loginEndpoint
  }
  {
    name: 'PARTNER_CENTER_REFRESH_TOKEN'
    value: '${vaultUrl}secrets/${refreshTokenSecretName}'
  }
  {
    name: 'PARTNER_CENTER_TENANT_ID'
    value: partnerTenantId
  }
  {
    name: 'PARTNER_CENTER_URL'
    value: 'https://api.partnercenter.microsoft.com'
  }
]
var paces = [
  for setting in items(pace): {
    name: setting.key
    value: setting.value
  }
]
var webhookSecrets = [
  for source in sources: {
    name: 'WEBHOOK_${toUpper(source)}_SECRETS'
    value: '@Microsoft.KeyVault(SecretUri=${vaultUrl}secrets/webhook-${source})'
  }
]
var webhooks = [
  for setting in items(webhookSettings): {
    name: setting.key
    value: setting.value
  }
]

@description('Objects of name and value.')
output settings array = concat(connections, partnerCenter, paces, webhookSecrets, webhooks)
