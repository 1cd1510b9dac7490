// One identity for each power. The first also is the one the platform, storage, bus and vault know.
param name string
param location string
param tags object

module reader 'br/public:avm/res/managed-identity/user-assigned-identity:0.4.1' = {
  name: 'reader'
  params: { name: '${name}-reader', location: location, tags: tags }
}

module changer 'br/public:avm/res/managed-identity/user-assigned-identity:0.4.1' = {
  name: 'changer'
  params: { name: '${name}-changer', location: location, tags: tags }
}

module deleter 'br/public:avm/res/managed-identity/user-assigned-identity:0.4.1' = {
  name: 'deleter'
  params: { name: '${name}-deleter', location: location, tags: tags }
}

type identity = { resourceId: string, principalId: string, clientId: string }

output reader identity = {
  resourceId: reader.outputs.resourceId
  principalId: reader.outputs.principalId
  clientId: reader.outputs.clientId
}
output changer identity = {
  resourceId: changer.outputs.resourceId
  principalId: changer.outputs.principalId
  clientId: changer.outputs.clientId
}
output deleter identity = {
  resourceId: deleter.outputs.resourceId
  principalId: deleter.outputs.principalId
  clientId: deleter.outputs.clientId
}
