import { z } from 'zod';
import type { Call } from '../domain/call.ts';
import { durationSchema, later, milliseconds } from '../domain/duration.ts';
import { type Exclusion, exclusionSchema, markOf } from '../domain/exclusion.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { action } from './action.ts';

const state = z.strictObject({ row: exclusionSchema.nullable(), mark: z.string().nullable() });

/** Attribute set and attribute that carry the mark. A legal name has no `_`, so it is not `ck_exclude_from_reports` itself. */
const attributeSet = 'AlertResponse';
const attribute = 'ckExcludeFromReports';

/**
 * What `ck_exclude_from_reports` meant: the identity is left out from now on, in this authorization system, for a
 * reason and until a day. The row in Quell's own registry decides; the same is written beside the user as a custom
 * security attribute for people and other tools
 * (https://learn.microsoft.com/graph/custom-security-attributes-examples: null takes it away).
 */
export const excludeFromReports = action({
  name: 'exclude-from-reports',
  risk: 'annotate',
  effect: 'set-state',
  changesAccount: false,
  permissions: { graph: ['CustomSecAttributeAssignment.ReadWrite.All', 'User.Read.All'], azure: [] },
  state,
  settings: z.strictObject({
    expires: durationSchema.default('P90D'),
    reason: z.string().min(1).max(500).default('found inactive and still needed'),
  }),

  observe: async ({ directory, exclusions }, { identity, system }) => {
    const presence = await directory.presence(identity.id);
    const mark = presence.state === 'live' ? presence.user.excludeMark : null;
    return { row: await exclusions.find(system.id, identity.id), mark };
  },

  plan: ({ row, mark }, { target: { run, identity, system }, settings, now }) => {
    const expiresAt = later(now, milliseconds(settings.expires));
    const exclusion: Exclusion = { system: system.id, identity: identity.id, reason: settings.reason, expiresAt, run };
    return {
      summary: `Leave ${identity.displayName} (${identity.userPrincipalName}) out of reports on ${system.name} until ${expiresAt.slice(0, 10)}`,
      before: { row: row && toJson(row), mark },
      after: { row: toJson(exclusion), mark: markOf(expiresAt) },
      calls: [putRow(exclusion), setMark(identity.id, markOf(expiresAt))],
      undo: [row ? putRow(row) : removeRow(exclusion), setMark(identity.id, mark)],
      undoNote: 'puts the earlier mark back, or takes it away, at any time',
      residual: [{ what: 'all access', why: 'being left out of reports takes nothing away' }],
    };
  },

  satisfied: ({ row, mark }, change) => {
    const wanted = state.parse(change.after);
    return row?.run === wanted.row?.run && row?.expiresAt === wanted.row?.expiresAt && mark === wanted.mark;
  },
});

function pathOf({ system, identity }: Exclusion): string {
  return `/exclusions/${encodeURIComponent(system)}/${encodeURIComponent(identity)}`;
}

function putRow(exclusion: Exclusion): Call {
  return { to: 'exclusions', method: 'PUT', path: pathOf(exclusion), body: toJson(exclusion) };
}

function removeRow(exclusion: Exclusion): Call {
  return { to: 'exclusions', method: 'DELETE', path: pathOf(exclusion), body: null };
}

function setMark(id: string, value: string | null): Call {
  const values: JsonObject = {
    '@odata.type': '#Microsoft.DirectoryServices.CustomSecurityAttributeValue',
    [attribute]: value,
  };
  return {
    to: 'graph',
    method: 'PATCH',
    path: `/users/${id}`,
    body: { customSecurityAttributes: { [attributeSet]: values } },
  };
}
