import { expect, test } from 'vitest';
import { mailDate } from '../../../shared/sources/mail/mail-date.ts';

test.each([
  ['Sat, 01 Mar 2025 10:15:30 +0000', '2025-03-01T10:15:30.000Z'],
  ['1 Mar 2025 10:15 +0000', '2025-03-01T10:15:00.000Z'],
  ['Sat, 01 Mar 2025 10:15:00 -0530', '2025-03-01T15:45:00.000Z'],
  ['Sat, 01 Mar 2025 00:15:00 +0100 (CET)', '2025-02-28T23:15:00.000Z'],
  ['Sat, 01 Mar 2025 10:15:00 GMT', '2025-03-01T10:15:00.000Z'],
])('%s is %s', (text, iso) => {
  expect(mailDate(text)?.toISOString()).toBe(iso);
});

test.each([
  ...['', 'now', '2025-03-01T10:15:00Z', 'Sat, 01 Foo 2025 10:15:00 +0000', 'Sat, 01 Mar 25 10:15:00 +0000'],
  ...['Mon, 31 Feb 2025 10:15:00 +0000', '01 Mar 2025 25:15:00 +0000', '01 Mar 2025 10:75:00 +0000'],
  ...['01 Mar 2025 10:15:00', '01 Mar 2025 10:15:00 PST', '01 Mar 2025 10:15:00 +0000, tomorrow'],
])('"%s" is no date of a mail', (text) => {
  expect(mailDate(text)).toBeNull();
});
