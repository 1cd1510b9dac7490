import type { Control } from '../../domain/control.ts';
import type { Controls } from '../../ports.ts';
import { controlKeyOf, isSameControl, replacedControl } from '../control-key.ts';

/** Controls that last as long as the process. */
export function memoryControls(): Controls {
  const kept = new Map<string, Control>();
  return {
    list: async () => [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, control]) => ({ ...control })),
    put: async (control) => {
      kept.set(controlKeyOf(control), { ...control });
    },
    remove: async (control) => {
      const standing = kept.get(controlKeyOf(control));
      if (standing && !isSameControl(standing, control)) throw replacedControl(control);
      kept.delete(controlKeyOf(control));
    },
  };
}
