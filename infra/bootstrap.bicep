metadata description = 'What must outlive every deployment, and what only an Owner or User Access Administrator may make. Run once by a person.'

targetScope = 'subscription'

import { namesOf, refreshTokenSecretName, tableName, tokenOf, vaultSuffix } from 'names.bicep'

@description('Name of this deployment: the resource group is named after it, and every name is made unique by it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region. It must offer Flex Consumption with Python 3.13.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of the operator, who signs in as the service account and stores the secrets; empty for nobody.')
param principalId string = ''

@description('What the operator is: a person, a group, or an app.')
@allowed([
  'User'
  'Group'
  'ServicePrincipal'
])
param principalType string = 'User'

@description('The repository that deploys from GitHub, as OWNER/NAME; empty for none.')
param repository string = ''

@description('Replication of the records.')
@allowed([
  'Standard_GRS'
  'Standard_RAGRS'
  'Standard_GZRS'
  'Standard_RAGZRS'
  'Standard_ZRS'
  'Standard_LRS'
])
param recordReplication string = 'Standard_GRS'

@description('Private profile: records and vault answer inside a virtual network only.')
param vnetEnabled bool = false

var token = tokenOf(subscription().id, environmentName, location)
var names = namesOf(token)
var tags = { 'azd-env-name': environmentName }
var access = vnetEnabled ? 'Disabled' : 'Enabled'
var defaultAction = vnetEnabled ? 'Deny' : 'Allow'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module audit 'modules/audit.bicep' = {
  scope: group
  params: {
    name: names.auditWorkspace
    location: location
    tags: tags
  }
}

module records 'modules/records.bicep' = {
  scope: group
  params: {
    name: names.recordStorage
    location: location
    tags: tags
    tableName: tableName
    workspaceId: resourceId(subscription().subscriptionId, group.name, 'Microsoft.OperationalInsights/workspaces', names.auditWorkspace)
    replication: recordReplication
    publicNetworkAccess: access
    defaultAction: defaultAction
  }
  dependsOn: [
    audit
  ]
}

module keyVault 'modules/key-vault.bicep' = {
  scope: group
  params: {
    name: names.keyVault
    location: location
    tags: tags
    workspaceId: resourceId(subscription().subscriptionId, group.name, 'Microsoft.OperationalInsights/workspaces', names.auditWorkspace)
    publicNetworkAccess: access
    defaultAction: defaultAction
  }
  dependsOn: [
    audit
  ]
}

module roleDefinitions 'modules/role-definitions.bicep' = {
  scope: group
  params: {
    token: token
  }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module operator 'modules/operator.bicep' = if (!empty(principalId)) {
  scope: group
  params: {
    principalId: principalId
    principalType: principalType
    vaultName: names.keyVault
  }
  dependsOn: [
    keyVault
  ]
}

module pipeline 'modules/pipeline.bicep' = if (!empty(repository)) {
  scope: group
  params: {
    name: names.pipelineIdentity
    location: location
    tags: tags
    repository: repository
    servicePrincipalId: identity.outputs.principalId
  }
  dependsOn: [
    roleDefinitions
  ]
}

@description('Where everything is; azd and the pipeline deploy main.bicep into it.')
output AZURE_RESOURCE_GROUP string = group.name
output RECORD_STORAGE string = names.recordStorage
output KEY_VAULT_NAME string = names.keyVault

@description('Client id of the pipeline: AZURE_CLIENT_ID of the GitHub environment production; empty without a repository.')
output PIPELINE_CLIENT_ID string = pipeline.?outputs.clientId ?? ''

@description('Subject of the federated credential on the app registration: the identity of the service.')
output FEDERATED_CREDENTIAL_SUBJECT string = identity.outputs.principalId

@description('Where the refresh token is kept; the sign-in command reads it under this name.')
output PARTNER_CENTER_REFRESH_TOKEN string = 'https://${names.keyVault}.${vaultSuffix}/secrets/${refreshTokenSecretName}'
