import { createRequire } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ProgrammingModel,
  type Recorded,
  type RegisteredFunction,
  type RegisteredHook,
  recorded,
} from './core.ts';
import { type HostLog, messageOf } from './log.ts';

export interface LoadedApp {
  functions: RegisteredFunction[];
  hooks: RegisteredHook[];
  model: ProgrammingModel;
}

// A module registers only the first time it is imported; a second host in the same process needs the record of the first.
const loaded = new Map<string, LoadedApp>();

export async function loadApp(entry: string, log: HostLog): Promise<LoadedApp> {
  const path = resolve(entry);
  const known = loaded.get(path);
  if (known) return known;

  const record = recorded();
  record.functions.clear();
  record.hooks = [];
  record.sink = (level, category, message) => log(level, message, { category });
  try {
    await importEntry(path);
  } catch (cause) {
    record.functions.clear();
    throw new Error(`Worker was unable to load entry point "${basename(path)}": ${messageOf(cause)}`, { cause });
  }
  const app = await takeRecord(record, path);
  loaded.set(path, app);
  return app;
}

async function importEntry(path: string): Promise<void> {
  if (extname(path) === '.cjs') createRequire(import.meta.url)(path);
  else await import(pathToFileURL(path).href);
}

async function takeRecord(record: Recorded, path: string): Promise<LoadedApp> {
  const { model, hooks } = record;
  const functions = [...record.functions.values()];
  record.functions.clear();
  record.hooks = [];
  if (!model || functions.length === 0) throw new Error(`No job functions found: "${path}" registered none.`);
  // Also locks app.setup, as the worker does after start.
  const capabilities = await model.getCapabilities({});
  if (capabilities.HttpUri) throw new Error('app.setup({ enableHttpStream }) is not served by the local host.');
  return { functions, hooks, model };
}
