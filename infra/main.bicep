targetScope = 'subscription'

@minLength(3)
@maxLength(16)
@description('Name of this installation; every resource is called after it.')
param environmentName string
param location string

@allowed(['small', 'medium', 'large'])
@description('small: up to some hundred alerts a day. medium: one instance always ready. large: Premium bus, three zones.')
param size string = 'small'

@description('Storage, bus and key vault are reached inside a network of their own only. Needs the size large.')
param privateNetwork bool = false

@description('Application id URI of the app registration of the API, e.g. api://quell.')
param audience string
@description('Domains whose DKIM-signed alert mails are believed, by comma.')
param mailSenderDomains string
@secure()
@minLength(12)
@description('Password the mail service sends to the webhook.')
param mailWebhookSecret string
@description('Object ids of the emergency accounts, by comma. Nothing destructive runs while it is empty.')
param breakGlassIds string
@description('Object ids of the groups whose members may decide, by comma.')
param approverGroups string
@description('Who is told when something is wrong with Quell itself.')
param alertEmail string
@minValue(1)
@maxValue(3650)
param sealDays int = 365
@description('Settings other than the defaults, by name.')
param settings object = {}

var sizes = {
  small: { memory: 2048, instances: 40, alwaysReady: [], bus: 'Standard', zoneRedundant: false, retention: 30 }
  medium: { memory: 2048, instances: 100, alwaysReady: [{ name: 'http', instanceCount: 1 }], bus: 'Standard', zoneRedundant: false, retention: 90 }
  large: { memory: 2048, instances: 400, alwaysReady: [{ name: 'http', instanceCount: 2 }], bus: 'Premium', zoneRedundant: true, retention: 180 }
}
var chosen = sizes[size]
var tags = { 'azd-env-name': environmentName, app: 'quell' }
var short = take(uniqueString(subscription().id, environmentName, location), 6)
var name = 'quell-${environmentName}-${short}'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-quell-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: { name: name, location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'quell${take(replace(environmentName, '-', ''), 10)}${short}'
    location: location
    tags: tags
    zoneRedundant: chosen.zoneRedundant
    private: privateNetwork
    sealDays: sealDays
    principalId: identities.outputs.reader.principalId
  }
}

module bus 'modules/bus.bicep' = {
  name: 'bus'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    sku: privateNetwork ? 'Premium' : chosen.bus
    private: privateNetwork
    principalId: identities.outputs.reader.principalId
  }
}

module keys 'modules/keys.bicep' = {
  name: 'keys'
  scope: group
  params: {
    name: 'kv${take(replace(environmentName, '-', ''), 10)}${short}'
    location: location
    tags: tags
    private: privateNetwork
    principalId: identities.outputs.reader.principalId
    mailWebhookSecret: mailWebhookSecret
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    retentionDays: chosen.retention
    principalId: identities.outputs.reader.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    storageId: storage.outputs.id
    busId: bus.outputs.id
    vaultId: keys.outputs.id
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    size: chosen
    subnetId: privateNetwork ? network!.outputs.subnetId : ''
    reader: identities.outputs.reader
    changer: identities.outputs.changer
    deleter: identities.outputs.deleter
    storage: { blobUri: storage.outputs.blobUri, tableUri: storage.outputs.tableUri, queueUri: storage.outputs.queueUri }
    busHost: bus.outputs.host
    insights: monitoring.outputs.connectionString
    sealKeyUri: keys.outputs.sealKeyUri
    mailSecretUri: keys.outputs.mailSecretUri
    audience: audience
    mailSenderDomains: mailSenderDomains
    breakGlassIds: breakGlassIds
    approverGroups: approverGroups
    given: settings
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    busId: bus.outputs.id
    email: alertEmail
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output QUELL_URL string = app.outputs.url
output READER_ID string = identities.outputs.reader.principalId
output CHANGER_ID string = identities.outputs.changer.principalId
output DELETER_ID string = identities.outputs.deleter.principalId
