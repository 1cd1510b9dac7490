import { type Control, scopeInWords } from '../domain/control.ts';
import { Fault } from '../domain/fault.ts';
import { canonical } from '../domain/json.ts';
import { keyOf } from './keys.ts';

/** There is one control of a kind for everything, and one for each playbook and action. */
export function controlKeyOf({ kind, scope, name }: Control): string {
  return keyOf(`${scope}:${kind}:${name ?? ''}`);
}

/** Is it the very one, and not another in its place? */
export function isSameControl(one: Control, other: Control): boolean {
  return canonical(one) === canonical(other);
}

/** What whoever removes a control is told where another has taken its place. */
export function replacedControl(control: Control): Fault {
  const message = `The control on ${scopeInWords(control)} is no longer the one you saw; look at it again.`;
  return new Fault('conflict', 'control-replaced', message);
}
