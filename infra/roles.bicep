metadata description = 'Azure\'s built-in roles that are given here ("Azure built-in roles"), and how our own are named.'

@export()
var builtIn = {
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  roleBasedAccessControlAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
}

@export()
@description('Ids of our own roles in a resource group.')
func ownRoles(groupId string) roles => {
  records: guid(groupId, 'records')
  refreshToken: guid(groupId, 'refresh-token')
  scaling: guid(groupId, 'scaling')
}

type roles = {
  records: string
  refreshToken: string
  scaling: string
}
