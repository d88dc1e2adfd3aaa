metadata description = 'The private profile: storage, vault and, if wanted, Service Bus answer inside the network only, under their usual names.'

import { tags as allTags } from '../types.bicep'
import { serviceBusSuffix, storageSuffix } from '../names.bicep'

@description('How the names of the endpoints begin.')
param prefix string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags allTags

@description('Name of the network, whose subnet "endpoints" they are in.')
param networkName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the records.')
param recordStorageName string

@description('Name of the vault.')
param vaultName string

@description('Name of the Service Bus namespace; empty where it stays public.')
param serviceBusName string

var always = [
  {
    part: 'blob'
    resourceId: resourceId('Microsoft.Storage/storageAccounts', hostStorageName)
    zone: 'privatelink.blob.${storageSuffix}'
  }
  {
    part: 'table'
    resourceId: resourceId('Microsoft.Storage/storageAccounts', recordStorageName)
    zone: 'privatelink.table.${storageSuffix}'
  }
  {
    part: 'vault'
    resourceId: resourceId('Microsoft.KeyVault/vaults', vaultName)
    zone: 'privatelink.vaultcore.azure.net'
  }
]
var bus = [
  {
    part: 'namespace'
    resourceId: resourceId('Microsoft.ServiceBus/namespaces', serviceBusName)
    zone: 'privatelink.${serviceBusSuffix}'
  }
]
var targets = empty(serviceBusName) ? always : concat(always, bus)

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    #disable-next-line no-hardcoded-location // zones have no region
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, i) in targets: {
    parent: zones[i]
    name: target.part
    #disable-next-line no-hardcoded-location // nor have their links
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2026-03-01' = [
  for target in targets: {
    name: '${prefix}-${target.part}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::subnet.id
      }
      privateLinkServiceConnections: [
        {
          name: target.part
          properties: {
            #disable-next-line use-resource-id-functions // each is made by resourceId above, which the rule does not see in a loop
            privateLinkServiceId: target.resourceId
            groupIds: [
              target.part
            ]
          }
        }
      ]
    }
  }
]

resource groups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = [
  for (target, i) in targets: {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.part
          properties: {
            privateDnsZoneId: zones[i].id
          }
        }
      ]
    }
  }
]
