import { sampleAlert } from '../mail/sample-alert.ts';
import { signed } from '../mail/sign.ts';
import { PEOPLE, SUBSCRIPTION_A, SUBSCRIPTION_B } from '../tenant/seed.ts';
import { mailDomain, type Stack } from './stack.ts';

/** One sample alert and the way it comes in; sending it again sends the very same. */
export interface Sample {
  readonly title: string;
  send(): Promise<void>;
}

/** The three: a mail that only counts, a finding that names a user, a CloudEvents message on the queue. */
export async function samplesOf(stack: Stack, now: Date): Promise<readonly Sample[]> {
  const mail = await mailOf(stack, now);
  const finding = findingOf(now);
  const event = eventOf(now);
  return [
    {
      title: 'an alert mail about Contoso Production: it counts inactive users and names none',
      send: () =>
        post(
          stack,
          'permissions-management-email',
          'message/rfc822',
          mail,
          `Basic ${btoa(`mail:${stack.mailSecret}`)}`,
        ),
    },
    {
      title: 'a finding over HTTP: Ben Still is inactive in Contoso Production',
      send: async () =>
        post(
          stack,
          'permissions-management-finding',
          'application/json',
          JSON.stringify(finding),
          `Bearer ${await stack.token('max')}`,
        ),
    },
    {
      title: 'a CloudEvents message on the queue: Dora Dormant is inactive in Contoso Sandbox',
      send: () => stack.send(event),
    },
  ];
}

async function mailOf(stack: Stack, now: Date): Promise<string> {
  return signed(
    sampleAlert({
      from: `alerts@${mailDomain}`,
      to: 'quell@contoso.example',
      date: now,
      subscription: SUBSCRIPTION_A,
      identities: 12,
      tasks: 240,
      resources: 31,
    }),
    stack.signer,
  );
}

/** In the shape of Microsoft Graph's inactiveUserFinding (beta, retired with Permissions Management). */
export function findingOf(now: Date): object {
  return {
    '@odata.type': '#microsoft.graph.inactiveUserFinding',
    id: `finding-${PEOPLE.benStill}`,
    createdDateTime: now.toISOString(),
    actionSummary: { assigned: 5120, exercised: 0, available: 0 },
    identityDetails: { createdDateTime: '2023-03-01T08:00:00Z', lastActiveDateTime: null },
    permissionsCreepIndex: { score: 61 },
    identity: {
      '@odata.type': '#microsoft.graph.azureUser',
      id: Buffer.from(PEOPLE.benStill).toString('base64'),
      externalId: PEOPLE.benStill,
      displayName: 'Ben Still',
      authorizationSystem: {
        '@odata.type': '#microsoft.graph.azureAuthorizationSystem',
        id: Buffer.from(SUBSCRIPTION_A).toString('base64'),
        authorizationSystemId: SUBSCRIPTION_A,
        authorizationSystemName: 'Contoso Production',
        authorizationSystemType: 'azure',
      },
    },
  };
}

/** A CloudEvents 1.0 message in the schema of the generic source. */
export function eventOf(now: Date): object {
  return {
    specversion: '1.0',
    type: 'quell.alert.v1',
    source: 'urn:contoso:access-review',
    id: `review-${now.toISOString()}`,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: {
      ruleName: 'Inactive Users',
      title: 'Quarterly review: nobody has seen Dora',
      system: { type: 'azure', id: SUBSCRIPTION_B },
      nominations: [{ kind: 'user', by: 'id', value: PEOPLE.doraDormant }],
      identityCount: 1,
    },
  };
}

async function post(
  stack: Stack,
  source: string,
  contentType: string,
  body: string,
  authorization: string,
): Promise<void> {
  const headers = { 'content-type': contentType, authorization };
  const response = await fetch(`${stack.url}/api/alerts/${source}`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${source} answered ${response.status}: ${await response.text()}`);
}
