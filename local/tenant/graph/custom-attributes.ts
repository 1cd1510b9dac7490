import type { CustomSecurityAttributes, State } from '../model.ts';
import { isObject } from '../wire.ts';
import { badRequest } from './refusals.ts';

/** Attribute sets and attributes: at most 32 characters, no spaces or special characters. */
const LEGAL_NAME = /^[A-Za-z0-9]{1,32}$/;
const VALUE_TYPE = '#microsoft.directoryservices.customsecurityattributevalue';

/** The assigned attributes after a PATCH: what is not mentioned stays, null takes a value away. */
export function mergeAttributes(
  state: State,
  assigned: CustomSecurityAttributes | null,
  patch: unknown,
): CustomSecurityAttributes | null {
  if (!isObject(patch))
    throw badRequest("Invalid value specified for property 'customSecurityAttributes' of resource 'User'.");
  const patched = Object.entries(patch).map(([set, values]) => {
    return [set, mergeSet(state, set, assigned?.[set] ?? {}, values)];
  });
  const merged: CustomSecurityAttributes = { ...assigned, ...Object.fromEntries(patched) };
  const kept = Object.entries(merged).filter(([, values]) => Object.keys(values).length > 0);
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

function mergeSet(state: State, set: string, assigned: CustomSecurityAttributes[string], patch: unknown) {
  if (!isObject(patch)) throw badRequest(`Invalid value specified for attribute set '${set}'.`);
  if (String(patch['@odata.type']).toLowerCase() !== VALUE_TYPE) {
    throw badRequest(`The attribute set '${set}' must have '@odata.type' of CustomSecurityAttributeValue.`);
  }
  const values = Object.entries(patch).filter(([name]) => !name.includes('@'));
  for (const [name, value] of values) checkValue(state, set, name, value);
  const next = { ...assigned, ...Object.fromEntries(values) };
  return Object.fromEntries(Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== null));
}

function checkValue(state: State, set: string, name: string, value: unknown): void {
  for (const part of [set, name]) {
    if (!LEGAL_NAME.test(part)) throw badRequest(`'${part}' is not a valid name for a custom security attribute.`);
  }
  if (!state.attributeSets[set]?.includes(name)) {
    throw badRequest(`Custom security attribute '${set}_${name}' is not defined or is not active.`);
  }
  if (value !== null && typeof value !== 'string') {
    throw badRequest(`The value of custom security attribute '${set}_${name}' must be a String.`);
  }
}
