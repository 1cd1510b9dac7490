/** Who writes what no person decided. */
export const quell = 'quell';
