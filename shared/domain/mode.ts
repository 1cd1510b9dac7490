/** How far a playbook may go on its own. `observe` writes down what it would do; `approve` asks a person; `enforce` acts. */
export const modes = ['observe', 'approve', 'enforce'] as const;
export type Mode = (typeof modes)[number];
