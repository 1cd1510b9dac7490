import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port, where it is free; else 0, for any. */
export async function portFor(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
    return wanted;
  } catch {
    return 0;
  } finally {
    server.close();
  }
}
