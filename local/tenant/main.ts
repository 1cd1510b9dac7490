import { withCrowd } from './seed/crowd.ts';
import { seedState } from './seed/state.ts';
import { startTenant } from './server.ts';

const { PORT = '0', IDENTITY_HEADER, CROWD = '0' } = process.env;
if (!IDENTITY_HEADER)
  throw new Error('IDENTITY_HEADER is needed: the secret that the managed-identity endpoint asks for');

const { port, url, close } = await startTenant({
  port: Number(PORT),
  identityHeader: IDENTITY_HEADER,
  seed: (now) => withCrowd(seedState(now), Number(CROWD), now),
});

// With the server closed nothing is left to wait for, and the process ends by itself with code 0.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close());

process.stdout.write(`${JSON.stringify({ ready: 'tenant', port, url })}\n`);
