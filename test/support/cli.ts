import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a script of this project as a person would, by its path in the project and in a process of its own. */
export function runScript(
  words: readonly string[],
  { url, token, cwd = root, environment = {} }: { url: string; token: string; cwd?: string; environment?: object },
): Promise<Ended> {
  const [script = '', ...args] = words;
  const env = { ...process.env, NO_COLOR: '1', QUELL_URL: url, QUELL_TOKEN: token, ...environment };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [resolve(root, script), ...args],
      { env, cwd, maxBuffer: 1 << 26 },
      (error, out, err) => {
        done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err });
      },
    );
  });
}
