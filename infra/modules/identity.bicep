metadata description = 'Who the service is to Azure and, by a federated credential, to Partner Center.'

import { tags as allTags } from '../types.bicep'

@description('Name of the managed identity.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Object id: what roles are given to, and the subject of the federated credential.')
output principalId string = identity.properties.principalId
