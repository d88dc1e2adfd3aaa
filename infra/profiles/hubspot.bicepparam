// HubSpot, behind a gateway.
using '../main.bicep'

param environmentName = 'test'
param location = 'swedencentral'
param partnerTenantId = '22222222-2222-4222-8222-222222222222'
param partnerCenterClientId = '33333333-3333-4333-8333-333333333333'
param alertEmail = 'operators@example.com'
param placeholder = 'a new one for each deployment'
param webhookSources = 'hubspot'
param webhookSettings = {
  SERVICE_URL: 'https://qualifications.example.com'
  WEBHOOK_HUBSPOT_FIELDS: '{"customerTenantId": "tenant_id"}'
  WEBHOOK_HUBSPOT_URL: 'https://qualifications.example.com/api/webhooks/hubspot'
}
