import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../local/stack/stack.ts';
import type { Member } from '../../local/tenant/seed/crowd.ts';

export interface Sent {
  /** Alerts that were acknowledged: a 202, or a message the bus took. */
  readonly accepted: number;
  /** Times anything was sent, including what a dying host never answered. */
  readonly tries: number;
}

/** Sends one alert about each, no more than `allowed()` of them so far: every second by HTTP until a 202, the rest by queue. */
export async function sendAll(stack: Stack, members: readonly Member[], allowed: () => number): Promise<Sent> {
  const token = await stack.token('max');
  let tries = 0;
  for (const [index, member] of members.entries()) {
    while (index >= allowed()) await sleep(20);
    const event = eventAbout(member);
    if (index % 2 === 0) {
      tries += 1;
      await stack.send(event);
    } else tries += await post(stack, token, event);
  }
  return { accepted: members.length, tries };
}

/** As any sender does: again, until the answer is 202. @returns how often */
async function post(stack: Stack, token: string, event: object): Promise<number> {
  const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${token}` };
  const body = JSON.stringify(event);
  for (let tries = 1; tries <= 2_000; tries += 1) {
    const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) };
    const status = await fetch(`${stack.url}/api/alerts/generic`, request).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 202) return tries;
    if (status >= 400 && status < 500) throw new Error(`an alert was answered with ${status}`);
    await sleep(100);
  }
  throw new Error('an alert was never taken');
}

function eventAbout({ id, subscription }: Member): object {
  return {
    specversion: '1.0',
    type: 'quell.alert.v1',
    source: 'urn:contoso:soak',
    id: `soak-${id}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      ruleName: 'Inactive Users',
      title: 'one of a crowd',
      system: { type: 'azure', id: subscription },
      nominations: [{ kind: 'user', by: 'id', value: id }],
      identityCount: 1,
    },
  };
}
