// Every option at once.
using '../main.bicep'

param environmentName = 'test'
param location = 'swedencentral'
param partnerTenantId = '22222222-2222-4222-8222-222222222222'
param partnerCenterClientId = '33333333-3333-4333-8333-333333333333'
param alertEmail = 'operators@example.com,duty@example.com'
param alertWebhook = 'https://example.com/workflow'
param placeholder = 'a new one for each deployment'
param webhookSources = 'dataverse,hubspot,salesforce,standard'
param clientSecretInVault = true
param confirmQualifications = 'Education,GovernmentCommunityCloud,StateOwnedEntity'
param webhookSettings = {
  API_KEY_NAMES: '{"0123abcd": "billing"}'
  SERVICE_URL: 'https://qualifications.example.com'
  WEBHOOK_DATAVERSE_DAILY_LIMIT: '100'
  WEBHOOK_DATAVERSE_FIELDS: '{"customerTenantId": "contoso_tenant"}'
  WEBHOOK_DATAVERSE_ORGANIZATIONS: '11111111-2222-4333-8444-555555555555'
  WEBHOOK_DATAVERSE_QUALIFICATIONS: 'Education'
  WEBHOOK_HUBSPOT_DAILY_LIMIT: '100'
  WEBHOOK_HUBSPOT_FIELDS: '{"customerTenantId": "tenant_id"}'
  WEBHOOK_HUBSPOT_PORTALS: '12345678'
  WEBHOOK_HUBSPOT_QUALIFICATIONS: 'Education'
  WEBHOOK_HUBSPOT_URL: 'https://qualifications.example.com/api/webhooks/hubspot'
  WEBHOOK_HUBSPOT_V2: 'true'
  WEBHOOK_SALESFORCE_CERTIFICATES: 'platform'
  WEBHOOK_SALESFORCE_DAILY_LIMIT: '100'
  WEBHOOK_SALESFORCE_FIELDS: '{"customerTenantId": "Tenant__c"}'
  WEBHOOK_SALESFORCE_ORGANIZATIONS: '00D000000000001'
  WEBHOOK_SALESFORCE_QUALIFICATIONS: 'Education'
  WEBHOOK_SALESFORCE_THUMBPRINTS: '0000000000000000000000000000000000000000'
  WEBHOOK_STANDARD_DAILY_LIMIT: '100'
  WEBHOOK_STANDARD_FIELDS: '{"customerTenantId": "tenant"}'
  WEBHOOK_STANDARD_HEADER: 'X-Secret'
  WEBHOOK_STANDARD_QUALIFICATIONS: 'Education'
}
param pace = {
  ADVANCE_SCHEDULE: '0 */2 * * * *'
  PARTNER_CENTER_MAX_CONCURRENCY: '4'
  PARTNER_CENTER_TIMEOUT: 'PT20S'
  PARTNER_CENTER_WRITE_TIMEOUT: 'PT2M'
  REVIEW_FIRST: 'PT10M'
  REVIEW_MAX: 'PT8H'
  REVIEW_GROWTH: '0.1'
  REVIEW_OVERDUE: 'P7D'
  REVIEW_APPROVED: 'P60D'
  REVIEW_AGAIN: 'PT12H'
  REVIEW_ENDED: 'P14D'
  RETRY_FIRST: 'PT2M'
  RETRY_MAX: 'PT2H'
  RESEND_AFTER: 'PT2H'
  CLOCK_AHEAD: 'PT10M'
}
param asksForCertificate = true
param allowedAddresses = [
  {
    name: 'office'
    range: '203.0.113.0/24'
  }
]
param eventSubscriptions = [
  {
    name: 'shop'
    sqlFilter: 'status = \'Approved\''
  }
]
param sampleSubscriptions = true
param vnetEnabled = true
param ownsServiceBus = true
param alwaysReadyHttp = 1
param maximumInstanceCount = 100
param instanceMemoryMB = 4096
param zoneRedundant = true
param logRetentionDays = 365
param dailyQuotaGb = 5
