import type { LogLevel } from './core.ts';

export type HostLog = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void;

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
