import { controlEntryInWords, controlEntryOf, controlInWords } from '../shared/domain/control.ts';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';
import { controlChangeSchema, controlsSchema } from './shapes.ts';

/** `quell controls`: what is stopped now, and every change there was, newest first. */
export async function controls(to: Connection, { json = false }: Options): Promise<string> {
  const answer = await ask(to, controlsSchema, '/api/controls');
  if (json) return JSON.stringify(answer, null, 2);
  const now = answer.controls.map((one) => `  ${bold(minute(one.at))}  ${controlInWords(one)}`);
  const changes = answer.entries
    .map((entry) => `  ${dim(minute(entry.time))}  ${controlEntryInWords(controlEntryOf(entry))}`)
    .reverse();
  const whole = answer.break === null ? [] : [`CHAIN BROKEN at ${answer.break.sequence}: ${answer.break.reason}`];
  const head = now.length === 0 ? 'nothing is stopped' : 'stopped:';
  return [...whole, head, ...now, ...(changes.length === 0 ? [] : ['changes:', ...changes])].join('\n');
}

/** `quell stop` and `quell go` */
export async function setControl(to: Connection, stopped: boolean, options: Options): Promise<string> {
  const { playbook, action, reason } = options;
  const command = stopped ? 'stop' : 'go';
  if (!reason) throw new Complaint(`quell ${command} needs --reason`);
  if (playbook !== undefined && action !== undefined) throw new Complaint('give --playbook or --action, not both');
  const { scope, name } = scopeOf(playbook, action);
  const body = JSON.stringify({ scope, name, stopped, reason });
  const init = { method: 'PUT', contentType: 'application/json', body };
  const { changed, note } = await ask(to, controlChangeSchema, '/api/controls', init);
  const what = name === null ? 'everything' : `${scope} ${name}`;
  if (!changed) return `${what} was not stopped; see: npx quell controls`;
  const done = stopped
    ? `stopped ${what}; runs under way are held`
    : `released ${what}; held runs go on within two minutes`;
  return note === null ? done : `${done}\nnote: ${note}`;
}

function scopeOf(playbook: string | undefined, action: string | undefined): { scope: string; name: string | null } {
  if (playbook !== undefined) return { scope: 'playbook', name: playbook };
  return action === undefined ? { scope: 'all', name: null } : { scope: 'action', name: action };
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
