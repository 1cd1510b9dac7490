import { archiveCommand, backtestCommand } from './backtest.ts';
import type { Options } from './commands.ts';
import { drill } from './drill.ts';
import type { Connection } from './http.ts';
import { playbooksCheck } from './playbooks-check.ts';
import { replay, type Told } from './replay.ts';

export type { Told };

import { undoSelection } from './undo-selection.ts';
import { why } from './why.ts';

/** A command that tells by its exit code what it found; it connects only if it has to. */
export type Tool = (connect: () => Promise<Connection>, words: readonly string[], options: Options) => Promise<Told>;

const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['archive', archiveCommand],
  ['backtest', backtestCommand],
  ['replay', async (connect, words, options) => replay(await connect(), words, options)],
  ['why', async (connect, words, options) => why(await connect(), words, options)],
]);

const undoAll: Tool = async (connect, _words, options) =>
  options.drill === true ? drill(await connect(), options) : undoSelection(await connect(), options);

/** Options that only these commands take. */
export const toolOptions = {
  rule: { type: 'string' },
  identity: { type: 'string' },
  outcome: { type: 'string' },
  after: { type: 'string' },
  rate: { type: 'string' },
  archive: { type: 'string' },
  directory: { type: 'string' },
  'as-of': { type: 'string' },
  live: { type: 'boolean' },
  strict: { type: 'boolean' },
  drill: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;

/** The tool that these words ask for; null where another kind of command is meant. */
export function toolFor([command = '', first]: readonly string[]): Tool | null {
  if (command === 'undo' && first === undefined) return undoAll;
  if (command === 'playbooks' && first === 'check') return playbooksCheck;
  return tools.get(command) ?? null;
}
