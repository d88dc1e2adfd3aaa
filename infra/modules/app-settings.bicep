metadata description = 'The app settings of the service; docs/reference/settings.md says what each means. None is a secret, and an empty one is left out.'

import { moreSettings, pace as pacing } from '../types.bicep'
import { loginUrl, serviceBusSuffix, storageSuffix, vaultSuffix } from '../names.bicep'

@description('Name of the function app.')
param appName string

@description('Name of the managed identity.')
param identityName string

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the records.')
param recordStorageName string

@description('Name of the Service Bus namespace.')
param serviceBusName string

@description('Name of the queue.')
param queueName string

@description('Name of the topic.')
param topicName string

@description('Name of the vault.')
param vaultName string

@description('Secret in the vault that holds the refresh token of the service account.')
param refreshTokenSecretName string

@description('Secret in the vault that holds the client secret of the app registration; empty where the identity signs in.')
param clientSecretName string

@description('Tenant of the partner.')
param partnerTenantId string

@description('Client id of the app registration that Partner Center knows.')
param partnerCenterClientId string

@description('CRMs whose webhooks are taken; each has its secret in the vault as webhook-SOURCE.')
param webhookSources string[]

@description('Qualifications that wait for a person before they are sent, separated by commas; empty for none.')
param confirmQualifications string

@description('What else is set, by setting name: { WEBHOOK_STANDARD_FIELDS: ... }, and SERVICE_URL behind a gateway. Texts, and no secrets.')
param more moreSettings

@description('How often, and how patiently, the service reads and tries again; durations as ISO 8601. docs/reference/settings.md.')
param pace pacing = {}

var defaults = {
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
var paced = union(defaults, pace)
var vaultUrl = 'https://${vaultName}.${vaultSuffix}/'
var webhookReference = '@Microsoft.KeyVault(SecretUri=${vaultUrl}secrets/webhook-'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    // The host's own.
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
    AzureWebJobsStorage__accountName: hostStorageName
    AzureWebJobsStorage__clientId: identity.properties.clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    // A backstop, above what the service takes from any sender: beyond it, callers get a bare 500.
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '8388608'
    PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
    // The service's own loggers; the SDKs log every call they make.
    PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME: 'qualification'
    // Connections.
    AZURE_CLIENT_ID: identity.properties.clientId
    RecordStorage__clientId: identity.properties.clientId
    RecordStorage__credential: 'managedidentity'
    RecordStorage__tableServiceUri: 'https://${recordStorageName}.table.${storageSuffix}/'
    ServiceBusConnection__clientId: identity.properties.clientId
    ServiceBusConnection__credential: 'managedidentity'
    ServiceBusConnection__fullyQualifiedNamespace: '${serviceBusName}.${serviceBusSuffix}'
    QUALIFICATION_QUEUE: queueName
    QUALIFICATION_TOPIC: topicName
    // Partner Center.
    PARTNER_CENTER_CLIENT_ID: partnerCenterClientId
    PARTNER_CENTER_CLIENT_SECRET: empty(clientSecretName) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUrl}secrets/${clientSecretName})'
    PARTNER_CENTER_FEDERATED_IDENTITY: empty(clientSecretName) ? 'true' : 'false'
    PARTNER_CENTER_LOGIN_URL: loginUrl
    PARTNER_CENTER_REFRESH_TOKEN: '${vaultUrl}secrets/${refreshTokenSecretName}'
    PARTNER_CENTER_TENANT_ID: partnerTenantId
    PARTNER_CENTER_URL: 'https://api.partnercenter.microsoft.com'
    // Pace.
    ADVANCE_SCHEDULE: paced.ADVANCE_SCHEDULE
    PARTNER_CENTER_MAX_CONCURRENCY: paced.PARTNER_CENTER_MAX_CONCURRENCY
    PARTNER_CENTER_TIMEOUT: paced.PARTNER_CENTER_TIMEOUT
    PARTNER_CENTER_WRITE_TIMEOUT: paced.PARTNER_CENTER_WRITE_TIMEOUT
    REVIEW_FIRST: paced.REVIEW_FIRST
    REVIEW_MAX: paced.REVIEW_MAX
    REVIEW_GROWTH: paced.REVIEW_GROWTH
    REVIEW_OVERDUE: paced.REVIEW_OVERDUE
    REVIEW_APPROVED: paced.REVIEW_APPROVED
    REVIEW_AGAIN: paced.REVIEW_AGAIN
    REVIEW_ENDED: paced.REVIEW_ENDED
    RETRY_FIRST: paced.RETRY_FIRST
    RETRY_MAX: paced.RETRY_MAX
    RESEND_AFTER: paced.RESEND_AFTER
    CLOCK_AHEAD: paced.CLOCK_AHEAD
    // Webhooks, and what else is set.
    WEBHOOK_DATAVERSE_SECRETS: contains(webhookSources, 'dataverse') ? '${webhookReference}dataverse)' : ''
    WEBHOOK_HUBSPOT_SECRETS: contains(webhookSources, 'hubspot') ? '${webhookReference}hubspot)' : ''
    WEBHOOK_SALESFORCE_SECRETS: contains(webhookSources, 'salesforce') ? '${webhookReference}salesforce)' : ''
    WEBHOOK_STANDARD_SECRETS: contains(webhookSources, 'standard') ? '${webhookReference}standard)' : ''
    API_KEY_NAMES: more.?API_KEY_NAMES ?? ''
    CONFIRM_QUALIFICATIONS: confirmQualifications
    SERVICE_URL: more.?SERVICE_URL ?? ''
    WEBHOOK_DATAVERSE_DAILY_LIMIT: more.?WEBHOOK_DATAVERSE_DAILY_LIMIT ?? ''
    WEBHOOK_DATAVERSE_FIELDS: more.?WEBHOOK_DATAVERSE_FIELDS ?? ''
    WEBHOOK_DATAVERSE_ORGANIZATIONS: more.?WEBHOOK_DATAVERSE_ORGANIZATIONS ?? ''
    WEBHOOK_DATAVERSE_QUALIFICATIONS: more.?WEBHOOK_DATAVERSE_QUALIFICATIONS ?? ''
    WEBHOOK_HUBSPOT_DAILY_LIMIT: more.?WEBHOOK_HUBSPOT_DAILY_LIMIT ?? ''
    WEBHOOK_HUBSPOT_FIELDS: more.?WEBHOOK_HUBSPOT_FIELDS ?? ''
    WEBHOOK_HUBSPOT_PORTALS: more.?WEBHOOK_HUBSPOT_PORTALS ?? ''
    WEBHOOK_HUBSPOT_QUALIFICATIONS: more.?WEBHOOK_HUBSPOT_QUALIFICATIONS ?? ''
    WEBHOOK_HUBSPOT_URL: more.?WEBHOOK_HUBSPOT_URL ?? ''
    WEBHOOK_HUBSPOT_V2: more.?WEBHOOK_HUBSPOT_V2 ?? ''
    WEBHOOK_SALESFORCE_CERTIFICATES: more.?WEBHOOK_SALESFORCE_CERTIFICATES ?? ''
    WEBHOOK_SALESFORCE_DAILY_LIMIT: more.?WEBHOOK_SALESFORCE_DAILY_LIMIT ?? ''
    WEBHOOK_SALESFORCE_FIELDS: more.?WEBHOOK_SALESFORCE_FIELDS ?? ''
    WEBHOOK_SALESFORCE_ORGANIZATIONS: more.?WEBHOOK_SALESFORCE_ORGANIZATIONS ?? ''
    WEBHOOK_SALESFORCE_QUALIFICATIONS: more.?WEBHOOK_SALESFORCE_QUALIFICATIONS ?? ''
    WEBHOOK_SALESFORCE_THUMBPRINTS: more.?WEBHOOK_SALESFORCE_THUMBPRINTS ?? ''
    WEBHOOK_STANDARD_DAILY_LIMIT: more.?WEBHOOK_STANDARD_DAILY_LIMIT ?? ''
    WEBHOOK_STANDARD_FIELDS: more.?WEBHOOK_STANDARD_FIELDS ?? ''
    WEBHOOK_STANDARD_HEADER: more.?WEBHOOK_STANDARD_HEADER ?? ''
    WEBHOOK_STANDARD_QUALIFICATIONS: more.?WEBHOOK_STANDARD_QUALIFICATIONS ?? ''
  }
}
