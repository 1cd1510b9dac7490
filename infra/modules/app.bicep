// The functions: Flex Consumption, Node 24, one package. Every setting that the code reads comes from here.
param name string
param location string
param tags object
param size object
param subnetId string
param reader object
param changer object
param deleter object
param storage object
param busHost string
param insights string
param sealKeyUri string
param mailSecretUri string
param audience string
param mailSenderDomains string
param breakGlassIds string
param approverGroups string
@description('Settings other than the defaults in settings.json, by name; see docs/deploy.md.')
param given object

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: size.zoneRedundant }
}

// What the host of the functions reads, before our code does.
var platform = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: reader.clientId
  AzureWebJobsStorage__queueServiceUri: storage.queueUri
  SERVICEBUS__credential: 'managedidentity'
  SERVICEBUS__clientId: reader.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${reader.clientId};Authorization=AAD'
}

// What follows from the other modules and from the parameters; the rest are the defaults of the code.
var bound = {
  AzureWebJobsStorage__tableServiceUri: storage.tableUri
  AzureWebJobsStorage__blobServiceUri: storage.blobUri
  SERVICEBUS__fullyQualifiedNamespace: busHost
  AZURE_CLIENT_ID: reader.clientId
  CHANGER_CLIENT_ID: changer.clientId
  DELETER_CLIENT_ID: deleter.clientId
  TENANT_ID: tenant().tenantId
  API_AUDIENCE: audience
  MAIL_WEBHOOK_SECRET: '@Microsoft.KeyVault(SecretUri=${mailSecretUri})'
  MAIL_SENDER_DOMAINS: mailSenderDomains
  BREAK_GLASS_IDS: breakGlassIds
  APPROVER_GROUPS: approverGroups
  OWN_IDS: '${reader.principalId},${changer.principalId},${deleter.principalId}'
  SEAL_KEY: sealKeyUri
}

var defaults = loadJsonContent('../settings.json')
var values = union(platform, defaults, bound, given)

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${reader.resourceId}': {}
      '${changer.resourceId}': {}
      '${deleter.resourceId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: reader.resourceId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.blobUri}deploy'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: reader.resourceId }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: size.instances
        instanceMemoryMB: size.memory
        alwaysReady: size.alwaysReady
      }
      runtime: { name: 'node', version: '24' }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: [for setting in items(values): { name: setting.key, value: setting.value }]
    }
  }
}

// Deploying by password is switched off; the workflow signs in by federation.
resource noPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [for door in ['ftp', 'scm']: {
  parent: app
  name: door
  properties: { allow: false }
}]

output id string = app.id
output url string = 'https://${app.properties.defaultHostName}'
