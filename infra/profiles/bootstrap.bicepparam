// By an Owner who is the operator too.
using '../bootstrap.bicep'

param environmentName = 'test'
param location = 'swedencentral'
param principalId = '11111111-1111-4111-8111-111111111111'
