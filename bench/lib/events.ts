import type { Member } from '../../local/tenant/seed/crowd.ts';

/** An alert of the generic source about some people of one subscription. */
export function eventAbout(members: readonly Member[], rule: string, id: string): object {
  const [first] = members;
  if (!first) throw new Error('there is nobody to be alerted about');
  return {
    specversion: '1.0',
    type: 'quell.alert.v1',
    source: 'urn:quell:bench',
    id: `${rule}-${id}`,
    time: '2026-11-01T08:00:00Z',
    datacontenttype: 'application/json',
    data: {
      ruleName: rule,
      title: `alert ${id}`,
      system: { type: 'azure', id: first.subscription },
      nominations: members.map((member) => ({ kind: 'user', by: 'id', value: member.id })),
      identityCount: members.length,
    },
  };
}

/** No answer takes longer, in milliseconds: else it counts as failed. */
const answerMs = 30_000;

/** Sends it, and is done when it is acknowledged. @throws where it is answered otherwise than with 202 */
export async function sendAlert(url: string, token: string, event: object): Promise<void> {
  const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(answerMs);
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event), signal });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`an alert was answered with ${response.status}: ${text.slice(0, 200)}`);
}
