import { describe, expect, test } from 'vitest';
import { readConfig, settings } from '../../shared/config.ts';

const complete = Object.fromEntries(Object.entries(settings).map(([name, { sample }]) => [name, sample]));

describe('settings', () => {
  test('the sample is complete and valid', () => {
    expect(readConfig(complete).TENANT_ID).toBe(complete.TENANT_ID);
  });

  test('everything missing is named at once', () => {
    const missing = [
      'AzureWebJobsStorage',
      'SERVICEBUS',
      'TENANT_ID',
      'MAIL_WEBHOOK_SECRET',
      'BREAK_GLASS_IDS',
      'APPROVER_GROUPS',
      'OWN_IDS',
      'TICK_SCHEDULE',
      'SEAL_SCHEDULE',
      'PATROL_SCHEDULE',
    ];
    for (const name of missing) expect(() => readConfig({})).toThrowError(new RegExp(`${name} is missing`));
  });

  test.each([
    ['BREAK_GLASS_IDS', 'not-an-id', /BREAK_GLASS_IDS/],
    ['GRAPH_URL', 'http://graph.example.com', /GRAPH_URL has to be https/],
    ['PLAYBOOK_MODES', 'inactive-user-delete@1=always', /a mode of observe, approve, enforce/],
    ['PLAYBOOK_MODES', 'inactive-user-delete=enforce', /write name@version=mode/],
    ['LOCAL_WAIT', 'PT3S', /LOCAL_WAIT cuts the waits that protect people/],
    ['RUNS_PER_ALERT', '0', /RUNS_PER_ALERT/],
    ['LEASE', 'a while', /LEASE write a duration/],
  ])('%s=%s is refused', (name, value, message) => {
    expect(() => readConfig({ ...complete, [name]: value })).toThrowError(message);
  });

  test('a key file is for storage on this machine', () => {
    const local = readConfig({ ...complete, SEAL_KEY: 'key.pem' });
    expect(local.SEAL_KEY).toBe('key.pem');
    const real = { ...complete, AzureWebJobsStorage: 'AccountName=real', SEAL_KEY: 'key.pem' };
    expect(() => readConfig(real)).toThrowError(/SEAL_KEY as a file can be taken away/);
  });

  test('a list may be empty, but not left out', () => {
    expect(readConfig({ ...complete, BREAK_GLASS_IDS: '' }).BREAK_GLASS_IDS).toEqual([]);
    const { BREAK_GLASS_IDS: _left, ...rest } = complete;
    expect(() => readConfig(rest)).toThrowError(/BREAK_GLASS_IDS is missing/);
  });
});
