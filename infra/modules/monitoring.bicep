// Where logs and metrics go. Nobody writes there with a key: the app's identity is a publisher.
param name string
param location string
param tags object
param retentionDays int
param principalId string

module workspace 'br/public:avm/res/operational-insights/workspace:0.11.1' = {
  name: 'workspace'
  params: { name: '${name}-logs', location: location, tags: tags, dataRetention: retentionDays }
}

module component 'br/public:avm/res/insights/component:0.6.0' = {
  name: 'component'
  params: {
    name: name
    location: location
    tags: tags
    workspaceResourceId: workspace.outputs.resourceId
    disableLocalAuth: true
    roleAssignments: [
      { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionIdOrName: '3913510d-42f4-4e42-8a64-420c390055eb' }
    ]
  }
}

output workspaceId string = workspace.outputs.resourceId
output componentId string = component.outputs.resourceId
output connectionString string = component.outputs.connectionString
