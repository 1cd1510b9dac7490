import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Counts every connection that this process opens, whoever opens it. */
export function countSockets(): { readonly opened: () => number; stop(): void } {
  let count = 0;
  const seen = () => {
    count += 1;
  };
  const channels = ['net.client.socket', 'http.client.request.start', 'undici:request:create'];
  for (const channel of channels) subscribe(channel, seen);
  return {
    opened: () => count,
    stop: () => {
      for (const channel of channels) unsubscribe(channel, seen);
    },
  };
}
