/** Where a rule comes from; alerts of the fourth kind, activity, carry whatever rule their author wrote. */
export type RuleType = 'statistical-anomaly' | 'rule-based-anomaly' | 'permission-analytics';

/** An alert rule of Permissions Management under the name its documentation gives it. */
export interface Rule {
  readonly name: string;
  readonly type: RuleType;
}

const statistical = [
  'Identity Performed High Number of Tasks',
  'Identity Performed Low Number of Tasks',
  'Identity Performed Tasks with Unusual Results',
  'Identity Performed Tasks with Unusual Timing',
  'Identity Performed Tasks with Unusual Types',
  'Identity Performed Tasks with Multiple Unusual Patterns',
];

/** The last one is of the 2021 preview; old exports may carry it. */
const ruleBased = [
  'Any Resource Accessed for the First Time',
  'Identity Performs a Particular Task for the First Time',
  'Identity Performs a Task for the First Time',
  'Inactive Identity Becomes Active',
];

/**
 * Those of the three clouds together, from the alerts guide of the product. "Inactive Serverless Accounts" is what the
 * guide says for Google Cloud, probably meaning service accounts.
 */
const analytics = [
  'Overprovisioned Active Users',
  'Overprovisioned Active System Identities',
  'Overprovisioned Active Roles',
  'Overprovisioned Active Resources',
  'Overprovisioned Active Service Accounts',
  'Overprovisioned Active Serverless Functions',
  'Users with Privilege Escalation',
  'Roles with Privilege Escalation',
  'Accounts with Privilege Escalation',
  'Service Accounts with Privilege Escalation',
  'Super Users',
  'Super System Identities',
  'Super Roles',
  'Super Resources',
  'Super Service Accounts',
  'Super Serverless Functions',
  'Inactive Users',
  'Inactive Groups',
  'Inactive Roles',
  'Inactive Resources',
  'Inactive System Identities',
  'Inactive Serverless Functions',
  'Inactive Serverless Accounts',
  'Users with No MFA',
];

const typed = (type: RuleType, names: readonly string[]): readonly Rule[] => names.map((name) => ({ name, type }));

/** Every documented rule. The condition is what an alert is recognised by: its title is free text of its author. */
export const rules: readonly Rule[] = [
  ...typed('statistical-anomaly', statistical),
  ...typed('rule-based-anomaly', ruleBased),
  ...typed('permission-analytics', analytics),
];

const byKey = new Map(rules.map((rule) => [keyOf(rule.name), rule]));

/** The rule of that name, in singular or plural, with or without "alert" behind it; null where there is none. */
export function ruleNamed(text: string): Rule | null {
  const key = keyOf(text);
  return byKey.get(key) ?? byKey.get(key.replace(/ alert$/, '')) ?? null;
}

/** What the spellings of one name have in common. NFKC turns a no-break space into a space. */
function keyOf(name: string): string {
  const words = name.normalize('NFKC').trim().toLowerCase().split(/\s+/);
  return words.map(singular).join(' ');
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
