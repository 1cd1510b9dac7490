// Messages are hints; the queues keep them apart and in order. Nothing is lost with a message: the timer finds the work.
param name string
param location string
param tags object
@allowed(['Standard', 'Premium'])
param sku string
param private bool
param principalId string

module namespace 'br/public:avm/res/service-bus/namespace:0.17.1' = {
  name: 'namespace'
  params: {
    name: name
    location: location
    tags: tags
    skuObject: sku == 'Premium' ? { name: 'Premium', capacity: 1 } : { name: 'Standard' }
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    queues: [
      {
        name: 'alerts'
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'PT10M'
        lockDuration: 'PT1M'
        maxDeliveryCount: 10
        deadLetteringOnMessageExpiration: true
        defaultMessageTimeToLive: 'P7D'
      }
      {
        name: 'runs'
        requiresSession: true
        lockDuration: 'PT1M'
        maxDeliveryCount: 10
        deadLetteringOnMessageExpiration: true
        defaultMessageTimeToLive: 'P7D'
      }
    ]
    roleAssignments: [
      { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionIdOrName: 'Azure Service Bus Data Receiver' }
      { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionIdOrName: 'Azure Service Bus Data Sender' }
    ]
  }
}

output id string = namespace.outputs.resourceId
output host string = '${name}.servicebus.windows.net'
