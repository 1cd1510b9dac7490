#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { alert, approve, type Options, playbooksTest, reject, run, runs, sendAlert } from './commands.ts';
import { Complaint, connection } from './http.ts';

const usage = `usage:
  quell runs [--limit N] [--json]               runs, newest first
  quell run ID [--json]                         one run: its story, and what to decide
  quell approve ID [--choice NAME]              approve the plan as it stands now
  quell reject ID --reason TEXT                 reject it
  quell alert send FILE [--source NAME]         send an alert (finding or CloudEvents message)
  quell alert ID                                one alert: how it was answered, and why so
  quell playbooks test [FOLDER]                 check playbooks and run their own tests
An ID may be given by its beginning. The API is at QUELL_URL, with QUELL_TOKEN; else where npm start left word.`;

async function perform(words: readonly string[], options: Options): Promise<string> {
  const [command, first, second] = words;
  if (command === 'playbooks' && first === 'test') return tested(second ?? 'playbooks');
  if (command === undefined || command === 'help') return usage;
  const to = await connection(process.env);
  if (command === 'runs') return runs(to, options);
  if (command === 'alert' && first === 'send' && second) return sendAlert(to, second, options);
  if (command === 'alert' && first === 'send') throw new Complaint('quell alert send needs a file');
  if (!['run', 'approve', 'reject', 'alert'].includes(command)) throw unknown(command);
  if (!first) throw new Complaint(`quell ${command} needs an ID; quell runs lists them`);
  if (command === 'run') return run(to, first, options);
  if (command === 'approve') return approve(to, first, options);
  if (command === 'reject') return reject(to, first, options);
  return alert(to, first);
}

function unknown(command: string): Complaint {
  return new Complaint(`quell has no command ${command}; quell help lists them`);
}

function tested(folder: string): string {
  const { text, failed } = playbooksTest(folder);
  if (failed) throw new Complaint(text);
  return text;
}

function read(): { words: string[]; options: Options } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        choice: { type: 'string' },
        reason: { type: 'string' },
        source: { type: 'string' },
        limit: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    return { words: positionals, options: values };
  } catch (error) {
    throw new Complaint(error instanceof Error ? error.message : String(error));
  }
}

function inOneLine(error: unknown): string {
  if (error instanceof Complaint) return error.message;
  if (error instanceof ZodError) return 'the API answered something this version of the CLI does not know';
  return error instanceof Error ? error.message : String(error);
}

try {
  const { words, options } = read();
  console.log(await perform(words, options));
} catch (error) {
  console.error(inOneLine(error));
  process.exitCode = 1;
}
