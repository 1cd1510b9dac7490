import type { Action } from '../ports.ts';
import { assignReadOnly } from './assign-read-only.ts';
import { deleteUser } from './delete-user.ts';
import { disableUser } from './disable-user.ts';
import { excludeFromReports } from './exclude-from-reports.ts';
import { notify } from './notify.ts';
import { revokeSessions } from './revoke-sessions.ts';

/** Every action there is, one row each. */
const rows: readonly Action[] = [assignReadOnly, excludeFromReports, disableUser, revokeSessions, deleteUser, notify];

/** The actions by name. */
export const actions: ReadonlyMap<string, Action> = new Map(rows.map((row) => [row.name, row]));
