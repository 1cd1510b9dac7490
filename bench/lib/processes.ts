import { readdirSync, readFileSync } from 'node:fs';

/** A process below this one. */
export interface Below {
  readonly pid: number;
  readonly command: string;
}

/** Clock ticks a second, as Linux has them on every machine this runs on (`getconf CLK_TCK`). */
const ticks = 100;

/** Every process that this one started, and what those started. Linux only. */
export function below(pid = process.pid): readonly Below[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(Number(name));
      return stat ? [{ pid: Number(name), parent: Number(stat[1]) }] : [];
    });
  const children = (parent: number): readonly number[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one.pid, ...children(one.pid)]);
  return children(pid).map((child) => ({ pid: child, command: commandOf(child) }));
}

/** The fields after the name, which can have anything in it: state, parent, … */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Processor time a process has used so far, user and system, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = statOf(pid);
  return stat ? ((Number(stat[11]) + Number(stat[12])) * 1000) / ticks : 0;
}

/** Memory a process holds, in megabytes. */
export function rssMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
