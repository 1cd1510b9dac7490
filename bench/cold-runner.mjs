// Loads an app as the worker does, answers one request through the library's own invocation model, and says that it did.
// Nothing else is loaded, so that what is measured is the app and not the host.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const [, , entry, name, url, authorization = '', body = ''] = process.argv;
await import(pathToFileURL(entry).href);
const { recorded } = require('@azure/functions-core');
const fn = recorded.functions.get(name);
const [binding] = Object.keys(fn.metadata.bindings);
const headers = { 'content-type': 'application/cloudevents+json', ...(authorization ? { authorization } : {}) };
const nullable = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, { value }]));
const http = {
  method: 'POST',
  url,
  nullableHeaders: nullable,
  nullableQuery: {},
  nullableParams: {},
  body: { bytes: Buffer.from(body) },
};
const core = {
  invocationId: 'one',
  metadata: fn.metadata,
  request: {
    invocationId: 'one',
    inputData: [{ name: binding, data: { http } }],
    triggerMetadata: {},
    traceContext: {},
  },
  log: () => undefined,
};
const model = recorded.model.getInvocationModel(core);
const { context, inputs } = await model.getArguments();
const result = await model.invokeFunction(context, inputs, fn.callback);
const response = await model.getResponse(context, result);
process.stdout.write(`${response.returnValue?.http?.statusCode}\n`);
process.exit(0);
