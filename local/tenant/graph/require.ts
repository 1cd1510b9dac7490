import { type Permission, permissions, permits } from '../permissions.ts';
import type { GraphCall } from './call.ts';
import { denied, permissionMissing } from './refusals.ts';

/** @throws Refusal where the caller's application permissions do not reach as far as these properties. */
export function requireProperties(call: GraphCall, names: readonly string[]): void {
  const row: Permission = permissions[call.operation];
  for (const name of names) {
    const allow = row.properties?.[name] ?? row.properties?.['*'];
    if (allow && !permits(allow, call.caller.roles)) {
      throw name === 'signInActivity' ? permissionMissing('AuditLog.Read.All') : denied();
    }
  }
}
