// Every option at once: a group of operators, a pipeline, private, another replication.
using '../bootstrap.bicep'

param environmentName = 'test'
param location = 'swedencentral'
param principalId = '11111111-1111-4111-8111-111111111111'
param principalType = 'Group'
param repository = 'contoso/qualifications'
param recordReplication = 'Standard_RAGZRS'
param vnetEnabled = true
