// The flow in Restate: condition, then one call as a durable step.
import * as restate from '@restatedev/restate-sdk';

const alerts = restate.service({
  name: 'alerts',
  handlers: {
    handle: async (context, alert) => {
      if (!(alert.days >= 90)) return { ok: false };
      return context.run('act', async () => {
        const response = await fetch(process.env.SINK, { method: 'POST', body: JSON.stringify({ id: alert.id }) });
        return response.json();
      });
    },
  },
});

restate.serve({ services: [alerts], port: Number(process.env.PORT) });
