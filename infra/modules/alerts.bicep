// What somebody has to know at once. Each reads what the app writes (docs/deploy.md, what is watched).
param name string
param location string
param tags object
param workspaceId string
param componentId string
param busId string
param email string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'quell'
    enabled: true
    emailReceivers: [{ name: 'on call', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var rules = [
  {
    name: 'timer-silent'
    says: 'No tick for ten minutes: nothing finds what is due.'
    severity: 1
    query: 'AppTraces | where Message has \'"msg":"tick"\' | summarize count()'
    measure: 'count_'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'work-overdue'
    says: 'The oldest due work has waited more than fifteen minutes.'
    severity: 2
    query: 'AppTraces | where Message has \'"msg":"tick"\' | extend age = todouble(parse_json(Message).oldestDueMs) | summarize age = max(age)'
    measure: 'age'
    operator: 'GreaterThan'
    threshold: 900000
  }
  {
    name: 'quarantined'
    says: 'A playbook used up its budget and was quarantined; only a person releases it.'
    severity: 1
    query: 'AppTraces | where Message has \'"msg":"playbook quarantined"\' | summarize count()'
    measure: 'count_'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'broken-invariant'
    says: 'Something that must not happen did: disposition halt, or a journal that is broken.'
    severity: 1
    query: 'AppTraces | where SeverityLevel >= 3 and (Message has \'"disposition":"halt"\' or Message has \'a journal is broken\') | summarize count()'
    measure: 'count_'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'seals-behind'
    says: 'Nothing was sealed for an hour although something was written.'
    severity: 2
    query: 'AppTraces | extend line = parse_json(Message) | summarize sealed = countif(tostring(line.msg) == "sealed"), written = countif(tostring(line.msg) in ("run ended", "alert received")) | project behind = iff(sealed == 0 and written > 0, 1, 0)'
    measure: 'behind'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource queries 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [for rule in rules: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  properties: {
    displayName: rule.name
    description: rule.says
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT10M'
    windowSize: rule.name == 'seals-behind' ? 'PT1H' : 'PT10M'
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: rule.measure
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was given up on. Its work is not lost, but somebody has to see why.'
    severity: 1
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'DeadletteredMessages'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(componentId, 'quell')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Quell'
    category: 'workbook'
    sourceId: componentId
    serializedData: loadTextContent('../workbook.json')
  }
}
