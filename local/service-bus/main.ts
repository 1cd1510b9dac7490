import { startBroker } from './broker.ts';

const MINUTE = 60_000;

const broker = await startBroker(
  {
    queues: {
      alerts: { lockDuration: 30_000, maxDeliveryCount: 10, duplicateDetectionWindow: 10 * MINUTE },
      runs: { lockDuration: 30_000, maxDeliveryCount: 10, requiresSession: true },
    },
  },
  { port: Number(process.env.PORT ?? 0) },
);

// With the broker closed nothing is left to wait for, and the process ends by itself with code 0.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void broker.close());

const { port, connectionString } = broker;
process.stdout.write(`${JSON.stringify({ ready: 'service-bus', port, connectionString })}\n`);
