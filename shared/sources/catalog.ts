import type { Authenticate, Source } from '../ports.ts';
import { generic, genericFromQueue } from './generic.ts';
import { type MailSettings, permissionsManagementEmail } from './permissions-management-email.ts';
import { permissionsManagementFinding } from './permissions-management-finding.ts';

export interface SourceDeps {
  readonly authenticate: Authenticate;
  readonly mail: MailSettings;
}

/** Every source that is reached over HTTP, one row each. */
export function sourcesOf(deps: SourceDeps): readonly Source[] {
  return [permissionsManagementEmail(deps.mail), permissionsManagementFinding(deps), generic(deps)];
}

/** The source of what comes by queue. */
export const queueSource: Source = genericFromQueue();
