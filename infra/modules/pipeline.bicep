metadata description = 'Who deploys from GitHub: an identity that may change the resource group, and give the service its roles and nobody else any.'

import { tags as allTags } from '../types.bicep'
import { builtIn, ownRoles } from '../roles.bicep'

@description('Name of the pipeline\'s managed identity.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('The repository, as OWNER/NAME.')
param repository string

@description('Object id of the service\'s identity, the only one that the pipeline may give a role.')
param servicePrincipalId string

var own = ownRoles(resourceGroup().id)
var mayGive = [
  builtIn.keyVaultSecretsUser
  builtIn.monitoringMetricsPublisher
  builtIn.serviceBusDataOwner
  builtIn.serviceBusDataReceiver
  builtIn.serviceBusDataSender
  builtIn.storageBlobDataOwner
  own.records
  own.refreshToken
  own.scaling
]
var listed = join(mayGive, ', ')
var write = 'Microsoft.Authorization/roleAssignments/write'
var delete = 'Microsoft.Authorization/roleAssignments/delete'
var id = 'Microsoft.Authorization/roleAssignments:RoleDefinitionId'
var principal = 'Microsoft.Authorization/roleAssignments:PrincipalId'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

resource credential 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = {
  parent: identity
  name: 'github-production'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${repository}:environment:production'
    audiences: [
      'api://AzureADTokenExchange'
    ]
  }
}

resource changes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, builtIn.contributor)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.contributor)
  }
}

resource gives 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, builtIn.roleBasedAccessControlAdministrator)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.roleBasedAccessControlAdministrator)
    conditionVersion: '2.0'
    condition: '((!(ActionMatches{\'${write}\'})) OR (@Request[${id}] ForAnyOfAnyValues:GuidEquals {${listed}} AND @Request[${principal}] ForAnyOfAnyValues:GuidEquals {${servicePrincipalId}})) AND ((!(ActionMatches{\'${delete}\'})) OR (@Resource[${id}] ForAnyOfAnyValues:GuidEquals {${listed}} AND @Resource[${principal}] ForAnyOfAnyValues:GuidEquals {${servicePrincipalId}}))'
  }
}

@description('Client id: AZURE_CLIENT_ID of the GitHub environment.')
output clientId string = identity.properties.clientId
