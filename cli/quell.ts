#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { security } from './audit.ts';
import { playbooks, setAutonomy } from './autonomy.ts';
import { alert, approve, type Options, playbooksTest, reject, run, runs, sendAlert, undo } from './commands.ts';
import { controls, setControl } from './controls.ts';
import { Complaint, type Connection } from './http.ts';
import { type LedgerOptions, ledgerCommands } from './ledger.ts';
import { report, reports } from './reports.ts';
import { connection } from './sign-in.ts';
import { teams } from './teams.ts';
import { type Told, toolFor, toolOptions } from './tools.ts';
import { Stopped } from './walk.ts';

const usage = `usage:
  quell runs [--limit N] [--json]               runs, newest first
  quell run ID [--json]                         one run: its story, and what to decide
  quell approve ID [--choice NAME]              approve the plan as it stands now
  quell reject ID --reason TEXT                 reject it
  quell undo ID --reason TEXT                   take back whatever it changed
  quell undo --where "playbook=N and since=2d" --reason TEXT   the same for all that is meant
  quell undo --drill                            rehearse it on the canary identity of the settings
  quell why ALERT [--playbook N[@V]] [--as-of T]  which clause decided, on which evidence
  quell replay explain [ID | --since 7d …]      decide again from what was recorded: the same?
  quell replay what-if [ID | --since 7d …]      what today's playbooks would do; changes nothing
  quell replay redrive [ID | --where …] --reason TEXT   let what failed go on
  quell archive FILE [--since 90d]              what a backtest needs, in a file
  quell backtest FILE|FOLDER [--archive FILE | --since 90d]   what these playbooks would have done
  quell alert send FILE [--source NAME]         send an alert (finding or CloudEvents message)
  quell alert ID                                one alert: how it was answered, and why so
  quell controls                                what is stopped or quarantined, and every change
  quell stop [--playbook N | --action N] --reason TEXT   stop it, or everything, at once
  quell go   [--playbook N | --action N] --reason TEXT   release it
  quell teams [--test-card]                     where the Teams app is; or post a card that asks nothing
  quell security [--day 2026-11-28]             who was refused what, that day
  quell export FILE                             the whole ledger and its seals, as NDJSON
  quell audit [NAME] [--where CONDITION] [--since T] [--until T] [--last P7D] [--csv | --ndjson]
                                                an audit query, or which there are
  quell index rebuild                           builds everything derived again from the ledger
  quell verify [FILE] [--key THUMBPRINT] [--seen FILE] [--json]   is an export, or the ledger, whole?
  quell prove FILE JOURNAL#N | --seen SEAL      a proof that stands alone; quell verify --proof FILE checks one
  quell playbooks                               how far each may go by itself, and what was measured
  quell playbooks promote NAME@V --to MODE --reason TEXT   let it go a step further, or less far
  quell reports [--json]                        reports: for whom, how often, and what cannot be made
  quell report NAME [--period P] [--format F] [--out FILE]   one report; P like 2026-W48, or now
  quell playbooks check [FOLDER] [--strict] [--live | --directory FILE]   what is wrong with them together
  quell playbooks test [FOLDER]                 check playbooks and run their own tests
An ID may be given by its beginning. The API is at QUELL_URL, as whoever is
signed in to Azure here (az login) or with QUELL_TOKEN; else where npm start left word.`;

/** Commands on one run or alert. */
const onOne: ReadonlyMap<string, (to: Connection, id: string, options: Options) => Promise<string>> = new Map([
  ['run', run],
  ['approve', approve],
  ['reject', reject],
  ['undo', undo],
  ['alert', alert],
  ['report', report],
]);

/** Commands on nothing in particular. */
const onAll: ReadonlyMap<string, (to: Connection, options: Options) => Promise<string>> = new Map([
  ['runs', runs],
  ['reports', reports],
  ['controls', controls],
  ['teams', teams],
  ['security', security],
  ['stop', (to: Connection, options: Options) => setControl(to, true, options)],
  ['go', (to: Connection, options: Options) => setControl(to, false, options)],
]);

async function perform(words: readonly string[], options: Options & LedgerOptions): Promise<string | Told> {
  const [command, first, second] = words;
  if (command === undefined || command === 'help') return usage;
  if (command === 'playbooks' && first === 'test') return tested(second ?? 'playbooks');
  const tool = toolFor(words);
  if (tool) return tool(() => connection(process.env), words.slice(1), options);
  const onLedger = ledgerCommands.get(command);
  if (onLedger) return onLedger(() => connection(process.env), first, options, second);
  if (command === 'playbooks') return aboutPlaybooks(first, second, options);
  const forAll = onAll.get(command);
  if (forAll) return forAll(await connectionFor(command, first), options);
  const forOne = onOne.get(command);
  if (!forOne) throw unknown(command);
  if (!first)
    throw new Complaint(
      `quell ${command} needs ${command === 'report' ? 'a NAME; quell reports lists them' : 'an ID; quell runs lists them'}`,
    );
  const to = await connection(process.env);
  if (command === 'alert' && first === 'send') return sendAlert(to, second, options);
  return forOne(to, first, options);
}

async function aboutPlaybooks(verb: string | undefined, name: string | undefined, options: Options): Promise<string> {
  if (verb !== undefined && verb !== 'promote') throw unknown(`playbooks ${verb}`);
  const to = await connection(process.env);
  return verb === undefined ? playbooks(to, options) : setAutonomy(to, name, options);
}

/** `quell go some-playbook` would release everything where the name is not seen; it is not guessed what was meant. */
function connectionFor(command: string, extra: string | undefined): Promise<Connection> {
  if (extra !== undefined) throw new Complaint(`quell ${command} takes no ${extra}; quell help shows how it goes`);
  return connection(process.env);
}

function unknown(command: string): Complaint {
  return new Complaint(`quell has no command ${command}; quell help lists them`);
}

function tested(folder: string): string {
  const { text, failed } = playbooksTest(folder);
  if (failed) throw new Complaint(text);
  return text;
}

function read(): { words: string[]; options: Options & LedgerOptions } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        ...toolOptions,
        choice: { type: 'string' },
        reason: { type: 'string' },
        source: { type: 'string' },
        limit: { type: 'string' },
        'test-card': { type: 'boolean' },
        playbook: { type: 'string' },
        action: { type: 'string' },
        to: { type: 'string' },
        day: { type: 'string' },
        period: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        key: { type: 'string', multiple: true },
        seen: { type: 'string' },
        proof: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
        last: { type: 'string' },
        where: { type: 'string' },
        csv: { type: 'boolean' },
        ndjson: { type: 'boolean' },
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
  const told = await perform(words, options);
  const { text, exitCode } = typeof told === 'string' ? { text: told, exitCode: 0 } : told;
  if (text !== '') console.log(text);
  process.exitCode = exitCode;
} catch (error) {
  console.error(inOneLine(error));
  process.exitCode = error instanceof Stopped ? error.exitCode : 1;
}
