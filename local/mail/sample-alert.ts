import { randomUUID } from 'node:crypto';

/** What the sample mail says. */
export interface SampleAlert {
  readonly from: string;
  readonly to: string;
  readonly date: Date;
  readonly subscription: string;
  readonly identities: number;
  readonly tasks?: number;
  readonly resources?: number;
  readonly rule?: string;
}

/**
 * An alert mail "Inactive Users" with a text and an HTML part. No real mail of Permissions Management is public: this
 * one is written from the fields its documentation names, and so is its layout.
 */
export function sampleAlert(alert: SampleAlert): string {
  const boundary = '=_quell-sample';
  const rows = rowsOf(alert);
  return [
    `From: Permissions Management <${alert.from}>`,
    `To: ${alert.to}`,
    'Subject: Alert triggered: Inactive Users',
    `Date: ${alert.date.toUTCString()}`,
    `Message-ID: <${randomUUID()}@${alert.from.split('@').at(-1)}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'An alert was triggered in Permissions Management.',
    '',
    ...rows.map(([label, value]) => `${label}: ${value}`),
    '',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    '',
    '<html><body><p>An alert was triggered in Permissions Management.</p><table>',
    ...rows.map(([label, value]) => `<tr><th>${label}</th><td>${value}</td></tr>`),
    '</table></body></html>',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

function rowsOf(alert: SampleAlert): readonly (readonly [string, string])[] {
  const time = alert.date.toISOString().slice(0, 19).replace('T', ' ');
  return [
    ['Alert Name', 'Users inactive for 90 days'],
    ['Anomaly Alert Rule', alert.rule ?? 'Inactive Users'],
    ['Authorization System', `Contoso Production (${alert.subscription})`],
    ['Authorization System Type', 'Azure'],
    ['# of Occurrences', '1'],
    ['Identities', String(alert.identities)],
    ['Tasks', String(alert.tasks ?? 0)],
    ['Resources', String(alert.resources ?? 0)],
    ['Date/Time (UTC)', time],
  ];
}
