import type { Effects, Exclusions } from '../ports.ts';
import { writeToAzure } from './azure/writes.ts';
import { writeToGraph } from './entra/writes.ts';
import { writeExclusion } from './exclusion-writes.ts';
import type { HttpApi } from './http-api.ts';
import { tellWebhook } from './webhook.ts';

/** Everything that can be changed. */
export interface Recipients {
  readonly graph: HttpApi;
  readonly azure: HttpApi;
  readonly exclusions: Exclusions;
  readonly webhook: string | null;
}

/** The one way out: a call goes to its recipient exactly as it stands. */
export function effects({ graph, azure, exclusions, webhook }: Recipients): Effects {
  return {
    send: (call, key) => {
      switch (call.to) {
        case 'graph':
          return writeToGraph(graph, call);
        case 'azure':
          return writeToAzure(azure, call);
        case 'exclusions':
          return writeExclusion(exclusions, call);
        case 'webhook':
          return tellWebhook(webhook, call, key);
      }
    },
  };
}
