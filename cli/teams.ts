import { z } from 'zod';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';

const installationsSchema = z.object({
  installations: z.array(z.object({ id: z.string(), name: z.string(), conversation: z.string(), at: z.string() })),
});

const postedSchema = z.object({ posted: z.string() });

/** `quell teams`: where the Teams app is installed, and which ids TEAMS_CHANNEL can take. */
export async function teams(to: Connection, { json = false }: Options): Promise<string> {
  const answer = await ask(to, installationsSchema, '/api/teams');
  if (json) return JSON.stringify(answer, null, 2);
  if (answer.installations.length === 0) return 'the Teams app is installed nowhere; see docs/teams.md';
  return answer.installations
    .map(({ name, conversation, at }) => `${bold(name)}  ${conversation}  ${dim(at.slice(0, 16).replace('T', ' '))}`)
    .join('\n');
}

/** `quell teams test-card`: posts a card that asks nothing. */
export async function testCard(to: Connection, word: string | undefined): Promise<string> {
  if (word !== 'test-card') throw new Complaint(`quell teams has no ${word}; quell help lists what there is`);
  await ask(to, postedSchema, '/api/teams/test-card', { method: 'POST' });
  return 'posted: where it appears, questions will';
}
