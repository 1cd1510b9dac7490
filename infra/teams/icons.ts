import { type Colour, png } from './png.ts';

/** The colour behind the icon, also in the manifest. */
export const accent = '#3B3A8F';
const back: Colour = [0x3b, 0x3a, 0x8f, 255];

/** 192 × 192, filled to the edge. */
export function colourIcon(): Buffer {
  return png(192, (x, y) => mixed(back, [255, 255, 255, 255], ink(x, y, 192)));
}

/** 32 × 32, white on nothing, as Teams wants it. */
export function outlineIcon(): Buffer {
  return png(32, (x, y) => [255, 255, 255, Math.round(255 * ink(x, y, 32))]);
}

/** How much of a point is drawn, 0 to 1: a ring with a stroke to the lower right, a Q. */
function ink(x: number, y: number, size: number): number {
  const [u, v] = [(x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5];
  const ring = Math.abs(Math.hypot(u, v) - 0.27) - 0.055;
  const along = Math.min(Math.max((u + v) / 2, 0.12), 0.3);
  const stroke = Math.hypot(u - along, v - along) - 0.055;
  return Math.min(Math.max(0.5 - Math.min(ring, stroke) * size, 0), 1);
}

function mixed(from: Colour, to: Colour, share: number): Colour {
  const one = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [one(0), one(1), one(2), 255];
}
