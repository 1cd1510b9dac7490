/** Counts the turns of one process, from 1: see `turns` of the engine. */
export function turnsOf(): () => number {
  let turn = 0;
  return () => {
    turn += 1;
    return turn;
  };
}
