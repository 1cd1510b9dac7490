import { z } from 'zod';
import type { Options } from './commands.ts';
import { ask, type Connection } from './http.ts';
import { bold, dim } from './render.ts';

const installationsSchema = z.object({
  installations: z.array(z.object({ id: z.string(), name: z.string(), conversation: z.string(), at: z.string() })),
});

const postedSchema = z.object({ posted: z.string() });

/** `quell teams [--test-card]`: where the Teams app is installed, with the ids that TEAMS_CHANNEL can take; or posts a card that asks nothing. */
export async function teams(to: Connection, { json = false, 'test-card': test = false }: Options): Promise<string> {
  if (test) {
    await ask(to, postedSchema, '/api/teams/test-card', { method: 'POST' });
    return 'posted: where it appears, questions will';
  }
  const answer = await ask(to, installationsSchema, '/api/teams');
  if (json) return JSON.stringify(answer, null, 2);
  if (answer.installations.length === 0) return 'the Teams app is installed nowhere; see docs/teams.md';
  return answer.installations
    .map(({ name, conversation, at }) => `${bold(name)}  ${conversation}  ${dim(at.slice(0, 16).replace('T', ' '))}`)
    .join('\n');
}
