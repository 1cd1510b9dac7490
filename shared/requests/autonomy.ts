import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { toJson } from '../domain/json.ts';
import { modes } from '../domain/mode.ts';
import type { Answer } from '../edge.ts';
import { readAutonomy, setAutonomy } from '../engine/autonomy.ts';
import type { Engine } from '../engine/engine.ts';
import type { Caller } from '../ports.ts';
import { jsonOf, read } from './input.ts';

/** How far playbooks may go by themselves. */
export interface Autonomy {
  readAutonomy(): Promise<Answer>;
  setAutonomy(request: HttpRequest, caller: Caller): Promise<Answer>;
}

const promotionSchema = z.strictObject({
  playbook: z
    .string()
    .max(80)
    .regex(/^[a-z][a-z0-9-]*@[1-9]\d*$/, 'is written name@version'),
  to: z.enum(modes),
  reason: z.string().trim().min(1).max(500),
});

/** The requests about what playbooks have earned. */
export function autonomyOf(engine: Engine): Autonomy {
  return {
    readAutonomy: async () => ({ status: 200, body: await readAutonomy(engine) }),

    setAutonomy: async (request, caller) => {
      const wanted = read(promotionSchema, await jsonOf(request));
      return { status: 200, body: toJson(await setAutonomy(engine, wanted, caller)) };
    },
  };
}
