import { type Power, powerOf } from '../domain/power.ts';
import type { Effects, Exclusions } from '../ports.ts';
import { writeToAzure } from './azure/writes.ts';
import { writeToGraph } from './entra/writes.ts';
import { writeExclusion } from './exclusion-writes.ts';
import type { HttpApi } from './http-api.ts';
import { tellWebhook } from './webhook.ts';

/** Everything that can be changed; the far sides once for each power. */
export interface Recipients extends Readonly<Record<Exclude<Power, 'reader'>, FarSides>> {
  readonly exclusions: Exclusions;
  readonly webhook: string | null;
}

interface FarSides {
  readonly graph: HttpApi;
  readonly azure: HttpApi;
}

/** The one way out: a call goes to its recipient exactly as it stands. */
export function effects({ exclusions, webhook, ...by }: Recipients): Effects {
  return {
    send: (call, key, risk) => {
      const { graph, azure } = by[powerOf(risk)];
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
