import type { TokenCredential } from '@azure/identity';
import { Fault } from '../domain/fault.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Run } from '../domain/run.ts';
import type { Channel } from '../ports-channels.ts';
import { callMs } from '../systems/far-side.ts';
import { httpApi, type Transport } from '../systems/http-api.ts';
import { tokenOf } from '../systems/token.ts';
import type { PageOf } from './teams/card/digest.ts';
import { minute, plain } from './teams/card/text.ts';

interface Parts {
  /** Address of the Communication Services resource. */
  readonly endpoint: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly pageOf: PageOf;
  readonly credential: TokenCredential;
}

/** Runs of one mail. */
const most = 40;

/**
 * Word by mail that somebody is asked: plain text with a link, no secret, and nothing in it decides. By Azure Communication
 * Services, where the identity may send from one address, and not by Graph's Mail.Send, which is every mailbox of the tenant.
 * https://learn.microsoft.com/rest/api/communication/email/email/send
 */
export function mailChannel({ endpoint, sender, recipients, pageOf, credential }: Parts): Channel {
  const token = tokenOf(credential, 'https://communication.azure.com', callMs);
  const transport: Transport = (path, init) => fetch(`${endpoint}${path}`, { ...init, redirect: 'manual' });
  const api = httpApi({ name: 'mail', url: endpoint, token, transport, linkName: 'nextLink' });
  const mail = (subject: string, lines: readonly string[]): JsonObject => ({
    senderAddress: sender,
    recipients: { to: recipients.map((address) => ({ address })) },
    content: { subject, plainText: `${lines.join('\n')}\n` },
  });
  return {
    name: 'mail',
    replaces: false,
    contentOf: (run) =>
      mail(`Approval needed: ${plain(run.opened.identity.displayName, 60)}`, [...linesOf(run, pageOf), '', footer]),
    digestOf: (runs) => {
      const more = runs.length - most;
      const rows = runs.slice(0, most).flatMap((run) => [...linesOf(run, pageOf), '']);
      return mail(`${runs.length} approvals needed`, [...rows, ...(more > 0 ? [`and ${more} more`, ''] : []), footer]);
    },
    post: async (content) => {
      await api.call('POST', '/emails:send?api-version=2023-03-31', content);
      return 'mail';
    },
    replace: async () => {
      throw new Fault('halt', 'not-replaceable', 'A mail that was sent cannot be replaced.');
    },
  };
}

const footer = 'Nothing in this mail decides: sign in on the page to see the plan and say yes or no.';

function linesOf({ id, opened, asked }: Run, pageOf: PageOf): readonly string[] {
  const { identity, system, playbook } = opened;
  const page = pageOf(id);
  return [
    `${plain(identity.displayName, 100)} (${plain(identity.userPrincipalName, 150)}) in ${plain(system.name, 100)}`,
    `${playbook.name} v${playbook.version}${asked ? `, until ${minute(asked.expiresAt)}` : ''}`,
    page ?? `npx quell run ${id}`,
  ];
}
