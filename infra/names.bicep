metadata description = 'The name of everything, computed from what is known before anything is deployed, so that what-if shows it.'

@export()
@description('What makes the names of a deployment its own.')
func tokenOf(subscriptionId string, environmentName string, location string) string =>
  toLower(uniqueString(subscriptionId, environmentName, location))

@export()
@description('Names by what they name; the parts before the token are Microsoft\'s recommended abbreviations.')
func namesOf(token string) names => {
  actionGroup: 'ag-${token}'
  alert: 'alert-${token}'
  applicationInsights: 'appi-${token}'
  auditWorkspace: 'log-audit-${token}'
  functionApp: 'func-${token}'
  hostStorage: 'st${token}'
  identity: 'id-${token}'
  keyVault: 'kv-${token}'
  pipelineIdentity: 'id-pipeline-${token}'
  plan: 'plan-${token}'
  privateEndpoint: 'pep-${token}'
  recordStorage: 'strec${token}'
  serviceBus: 'sbns-${token}'
  virtualNetwork: 'vnet-${token}'
  workspace: 'log-${token}'
}

type names = {
  actionGroup: string
  alert: string
  applicationInsights: string
  auditWorkspace: string
  functionApp: string
  hostStorage: string
  identity: string
  keyVault: string
  pipelineIdentity: string
  plan: string
  privateEndpoint: string
  recordStorage: string
  serviceBus: string
  virtualNetwork: string
  workspace: string
}

@export()
@description('The queue that requests are spread by.')
var queueName = 'qualification-requests'

@export()
@description('The topic that events go to.')
var topicName = 'qualification-events'

@export()
@description('The table that the records are in.')
var tableName = 'qualifications'

@export()
@description('The container that the package is deployed to.')
var packageContainer = 'app-package'

@export()
@description('The secret that holds the refresh token of the service account.')
var refreshTokenSecretName = 'refresh-token'

// Azure's public cloud, the one that this is written for. environment() would leave an expression in every snapshot.
@export()
@description('Where a storage account\'s names end.')
#disable-next-line no-hardcoded-env-urls // environment() would stay an expression in every snapshot
var storageSuffix = 'core.windows.net'

@export()
@description('Where the names of vaults end.')
#disable-next-line no-hardcoded-env-urls // environment() would stay an expression in every snapshot
var vaultSuffix = 'vault.azure.net'

@export()
@description('Where the names of namespaces end.')
var serviceBusSuffix = 'servicebus.windows.net'

@export()
@description('Where people and apps sign in.')
#disable-next-line no-hardcoded-env-urls // environment() would stay an expression in every snapshot
var loginUrl = 'https://login.microsoftonline.com/'

@export()
@description('Where the names of apps end.')
var appSuffix = 'azurewebsites.net'
