import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { answering, endPeer, type Other, post, together } from './peer-process.ts';
import { cpuMs, rssMb } from './processes.ts';

interface Running {
  readonly name: string;
  readonly begin: () => ChildProcess;
  /** Everything it keeps; removed with its end. */
  readonly folder: string;
  /** Where its flows are asked: `first` answers before the call, `last` after it. */
  readonly urlOf: (flow: string) => string;
}

/** Another engine that is one process and keeps what it keeps in one folder, once it answers. */
export async function oneProcess({
  name,
  begin,
  folder,
  urlOf,
}: Running): Promise<Other & Required<Pick<Other, 'ask'>>> {
  let child = begin();
  const to = (flow: string) => (id: string) => post(urlOf(flow), { id, type: 'inactive', days: 120 });
  const send = to('last');
  const stop = async () => {
    await endPeer(child, 'SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(() => send('warm'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ name, send, take: to('first'), ask: to('ask') },
    cpuMs: () => together([child.pid], cpuMs),
    rssMb: () => together([child.pid], rssMb),
    killAndStart: async () => {
      await endPeer(child, 'SIGKILL');
      child = begin();
      await answering(() => send('warm'));
    },
    stop,
  };
}
