type Parameters = Readonly<Record<string, unknown>>;

/** A node of a workflow as n8n keeps it; it goes to the one after it in the list. */
function node(name: string, type: string, typeVersion: number, parameters: Parameters) {
  return { id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters };
}

function workflow(id: string, nodes: readonly ReturnType<typeof node>[]) {
  const after = nodes.slice(1).map(({ name }, index): [string, object] => {
    return [nodes[index]?.name ?? '', { main: [[{ node: name, type: 'main', index: 0 }]] }];
  });
  const settings = { executionOrder: 'v1' };
  return { id, name: id, active: false, nodes, connections: Object.fromEntries(after), settings };
}

function webhook(path: string, responseMode: 'lastNode' | 'onReceived') {
  return { ...node('in', 'webhook', 2, { httpMethod: 'POST', path, responseMode, options: {} }), webhookId: path };
}

const condition = node('if', 'if', 2.2, {
  conditions: {
    options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
    conditions: [
      {
        id: 'days',
        leftValue: '={{ $json.body.days }}',
        rightValue: 90,
        operator: { type: 'number', operation: 'gte' },
      },
    ],
    combinator: 'and',
  },
  options: {},
});

function call(name: string, url: string, jsonBody: string) {
  const body = { sendBody: true, specifyBody: 'json', jsonBody };
  return node(name, 'httpRequest', 4.2, { method: 'POST', url, ...body, options: {} });
}

/**
 * Webhook, if, HTTP request, answered when it is done (`last`) or at once (`first`); and one that tells somebody a link and
 * waits until it is followed (`ask`).
 */
export function workflowsOf(sinkUrl: string) {
  const body = '={{ JSON.stringify($json.body) }}';
  const told = "={{ JSON.stringify({ id: 'told', link: $execution.resumeUrl }) }}";
  const wait = { ...node('wait', 'wait', 1.1, { resume: 'webhook', options: {} }), webhookId: 'wait' };
  return [
    workflow('last', [webhook('last', 'lastNode'), condition, call('call', sinkUrl, body)]),
    workflow('first', [webhook('first', 'onReceived'), condition, call('call', sinkUrl, body)]),
    workflow('ask', [
      webhook('ask', 'onReceived'),
      call('tell', sinkUrl, told),
      wait,
      call('call', sinkUrl, "={{ JSON.stringify({ id: 'approved' }) }}"),
    ]),
  ];
}
