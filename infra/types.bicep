metadata description = 'What parameters may hold; a misspelt name in one of these is found when the template is compiled.'

@export()
@description('Tags of every resource.')
type tags = { *: string }

@export()
@description('A subscription to the events: who reads it is yours to say, and a subscription that nobody reads fills the topic.')
type eventSubscription = {
  name: string
  @description('Which events it gets, in SQL over their properties; docs/events.md.')
  sqlFilter: string
}

@export()
@description('Addresses that may call the app.')
type addressRange = {
  name: string
  @description('In CIDR notation, as 203.0.113.0/24.')
  range: string
}

@export()
@sealed()
@description('How often, and how patiently, the service reads and tries again; what is left out has its default. docs/reference/settings.md.')
type pace = {
  ADVANCE_SCHEDULE: string?
  PARTNER_CENTER_MAX_CONCURRENCY: string?
  PARTNER_CENTER_TIMEOUT: string?
  PARTNER_CENTER_WRITE_TIMEOUT: string?
  REVIEW_FIRST: string?
  REVIEW_MAX: string?
  REVIEW_GROWTH: string?
  REVIEW_OVERDUE: string?
  REVIEW_APPROVED: string?
  REVIEW_AGAIN: string?
  REVIEW_ENDED: string?
  RETRY_FIRST: string?
  RETRY_MAX: string?
  RESEND_AFTER: string?
  CLOCK_AHEAD: string?
}

@export()
@sealed()
@description('What else is set, as texts and no secrets: what a CRM needs beside its secret, and two settings of the service itself.')
type moreSettings = {
  API_KEY_NAMES: string?
  SERVICE_URL: string?
  WEBHOOK_DATAVERSE_DAILY_LIMIT: string?
  WEBHOOK_DATAVERSE_FIELDS: string?
  WEBHOOK_DATAVERSE_ORGANIZATIONS: string?
  WEBHOOK_DATAVERSE_QUALIFICATIONS: string?
  WEBHOOK_HUBSPOT_DAILY_LIMIT: string?
  WEBHOOK_HUBSPOT_FIELDS: string?
  WEBHOOK_HUBSPOT_PORTALS: string?
  WEBHOOK_HUBSPOT_QUALIFICATIONS: string?
  WEBHOOK_HUBSPOT_URL: string?
  WEBHOOK_HUBSPOT_V2: string?
  WEBHOOK_SALESFORCE_CERTIFICATES: string?
  WEBHOOK_SALESFORCE_DAILY_LIMIT: string?
  WEBHOOK_SALESFORCE_FIELDS: string?
  WEBHOOK_SALESFORCE_ORGANIZATIONS: string?
  WEBHOOK_SALESFORCE_QUALIFICATIONS: string?
  WEBHOOK_SALESFORCE_THUMBPRINTS: string?
  WEBHOOK_STANDARD_DAILY_LIMIT: string?
  WEBHOOK_STANDARD_FIELDS: string?
  WEBHOOK_STANDARD_HEADER: string?
  WEBHOOK_STANDARD_QUALIFICATIONS: string?
}
