// The key that signs the seals, which never leaves the vault, and the password of the mail webhook.
param name string
param location string
param tags object
param private bool
param principalId string
@secure()
param mailWebhookSecret string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: private ? 'Deny' : 'Allow' }
  }
}

resource sealKey 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: 'seals'
  properties: { kty: 'EC', curveName: 'P-256', keyOps: ['sign', 'verify'] }
}

resource mailSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'mail-webhook'
  properties: { value: mailWebhookSecret }
}

// Key Vault Crypto User on the key, Key Vault Secrets User on the secret: nothing else in the vault can be reached.
resource signs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(sealKey.id, principalId, 'crypto-user')
  scope: sealKey
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(mailSecret.id, principalId, 'secrets-user')
  scope: mailSecret
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}

output id string = vault.id
output sealKeyUri string = sealKey.properties.keyUri
output mailSecretUri string = mailSecret.properties.secretUri
