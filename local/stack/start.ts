import { writeFile } from 'node:fs/promises';
import { actions } from '../../shared/actions/catalog.ts';
import { readPlaybooks } from '../../shared/playbook-folder.ts';
import { PEOPLE } from '../tenant/seed.ts';
import { portFor } from './port.ts';
import { samplesOf } from './samples.ts';
import { startStack, trialNotes } from './stack.ts';
import { tellStory } from './story.ts';

/** `npm start` stays up and leaves one decision to the reader; `npm run demo` decides all, checks all and ends. */
const demo = process.argv.includes('--demo');
const folder = demo ? '.local/demo' : '.local/start';
const forTheReader = new Set(demo ? [] : [PEOPLE.adaQuiet]);

const say = (line: string) => console.log(line);

async function main(): Promise<number> {
  const begin = performance.now();
  const { problems } = readPlaybooks('playbooks', actions);
  for (const { file, line, column, message } of problems) console.error(`${file}:${line}:${column}  ${message}`);
  if (problems.length > 0) return 1;
  say('Quell, on this machine only: nothing leaves it, and the tenant is a stand-in.');
  const stack = await startStack({ folder, port: demo ? 0 : await portFor(7071), say });
  for (const note of trialNotes) say(`  ${note}`);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());
  try {
    const token = await stack.token('sam');
    if (!demo) await writeFile('.local/cli.json', JSON.stringify({ url: stack.url, token }), { mode: 0o600 });
    const samples = await samplesOf(stack, new Date());
    const wrong = await tellStory({ stack, to: { url: stack.url, token }, samples, forTheReader, say });
    for (const line of wrong) console.error(`not as expected: ${line}`);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    if (demo)
      say(
        wrong.length === 0
          ? `\nEvery run ended as expected, after ${seconds} s.`
          : `\n${wrong.length} surprises after ${seconds} s.`,
      );
    else await stopped.promise;
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

process.exitCode = await main();
