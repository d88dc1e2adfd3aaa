metadata description = 'The secrets that roles are given on, so that they are there. Each holds what nobody knows, until a person stores the real one.'

@description('Name of the vault.')
param vaultName string

@description('Names of the secrets.')
param secretNames string[]

@description('What nobody knows: a secret that could be guessed would let forged webhooks in.')
@secure()
param placeholder string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

// Never written again: a deployment must not undo the rotation of the refresh token.
@onlyIfNotExists()
resource secrets 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [
  for secretName in secretNames: {
    parent: vault
    name: secretName
    properties: {
      value: placeholder
      // Tells what nobody has stored yet from what somebody has.
      contentType: 'placeholder'
    }
  }
]
