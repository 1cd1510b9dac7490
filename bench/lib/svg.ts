/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

const [width, height, margin] = [640, 320, 56];
const colours = ['#2563eb', '#9ca3af', '#d97706', '#059669'];

/** What the axes are, and whether they are logarithmic. */
export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly logarithmic: boolean;
}

/** A plot, as SVG that needs nothing else. Where the axes are linear they begin at nothing. */
export function linePlot(title: string, axes: Axes, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const scaled = axes.logarithmic ? scale : linear;
  const xs = scaled(
    all.map(([x]) => x),
    margin,
    width - margin,
  );
  const ys = scaled(
    all.map(([, y]) => y),
    height - margin,
    margin,
  );
  const lines = series.map(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const path = points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${xs(x).toFixed(1)},${ys(y).toFixed(1)}`).join('');
    const [x, y] = points.at(-1) ?? [1, 1];
    const label = `<text x="${xs(x) - 4}" y="${ys(y) - 8}" text-anchor="end" fill="${colour}">${name}</text>`;
    const dots = points.map(
      ([px, py]) => `<circle cx="${xs(px).toFixed(1)}" cy="${ys(py).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  const ticks = some(all.map(([x]) => x)).map(
    (x) => `<text x="${xs(x)}" y="${height - margin + 18}" text-anchor="middle">${x.toLocaleString('en')}</text>`,
  );
  const values = some(all.map(([, y]) => y)).map(
    (y) => `<text x="${margin - 6}" y="${ys(y) + 4}" text-anchor="end">${Number(y.toPrecision(2))}</text>`,
  );
  return svg(title, [...lines, ...ticks, ...values, axisNames(axes)]);
}

/** Bars beside each other, each with its value. */
export function barPlot(title: string, unit: string, bars: readonly (readonly [string, number])[]): string {
  const most = Math.max(...bars.map(([, value]) => value), 1e-9);
  const drawn = bars.map(([name, value], index) => {
    const y = margin + index * 44;
    const length = ((width - 2 * margin - 80) * value) / most;
    return (
      `<text x="${margin}" y="${y - 4}">${name}</text><rect x="${margin}" y="${y}" width="${Math.max(1, length).toFixed(1)}" height="18" fill="${colours[index === 0 ? 0 : 1]}"/>` +
      `<text x="${margin + length + 6}" y="${y + 14}">${Number(value.toPrecision(3))} ${unit}</text>`
    );
  });
  return svg(title, drawn);
}

function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  return (value) => from + ((to - from) * (Math.log10(value) - least)) / Math.max(most - least, 1e-9);
}

function linear(values: readonly number[], from: number, to: number): (value: number) => number {
  const most = Math.max(...values, 1e-9);
  return (value) => from + ((to - from) * value) / most;
}

/** Of all values so many that they have room beside each other: the least, the most, and some between. */
function some(values: readonly number[]): readonly number[] {
  const sorted = [...new Set(values)].sort((one, other) => one - other);
  const most = Math.min(sorted.length, 5);
  const at = (n: number) => sorted[Math.round((n * (sorted.length - 1)) / Math.max(most - 1, 1))] ?? 0;
  return Array.from({ length: most }, (_, n) => at(n));
}

function axisNames({ x, y }: Axes): string {
  return `<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${x}</text><text x="12" y="${margin - 12}">${y}</text>`;
}

function svg(title: string, parts: readonly string[]): string {
  const style = '<style>text{font:12px system-ui,sans-serif;fill:#374151}</style>';
  const head = `<text x="12" y="20" font-weight="600">${title}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><rect width="${width}" height="${height}" fill="#fff"/>${style}${head}${parts.join('')}</svg>\n`;
}
