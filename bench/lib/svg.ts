/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

const [width, height, margin] = [640, 340, 60];
const colours = ['#2563eb', '#9ca3af', '#d97706', '#059669'];

/** What the axes are, and whether they are logarithmic. */
export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly logarithmic: boolean;
}

/** A plot, as SVG that needs nothing else. Logarithmic axes go up in whole tens, linear ones begin at nothing. */
export function linePlot(title: string, axes: Axes, series: readonly Series[]): string {
  const drawn = series.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  const [across, up] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const values = axes.logarithmic ? tens(up) : [0, 0.5, 1].map((part) => part * Math.max(...up));
  const scaled = axes.logarithmic ? logarithmic : linear;
  const xs = scaled(across, margin, width - margin);
  const ys = scaled(values, height - margin, margin);
  const lines = drawn.map(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const path = points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${xs(x).toFixed(1)},${ys(y).toFixed(1)}`).join('');
    const dots = points.map(
      ([x, y]) => `<circle cx="${xs(x).toFixed(1)}" cy="${ys(y).toFixed(1)}" r="2.5" fill="${colour}"/>`,
    );
    const at = 18 + index * 14;
    const label = `<text x="${width - 12}" y="${at}" text-anchor="end"><tspan fill="${colour}">●</tspan> ${name}</text>`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  const below = some(across).map(
    (x) => `<text x="${xs(x)}" y="${height - margin + 18}" text-anchor="middle">${x.toLocaleString('en')}</text>`,
  );
  const beside = values.map(
    (y) =>
      `<line x1="${margin}" x2="${width - margin}" y1="${ys(y)}" y2="${ys(y)}" stroke="#e5e7eb"/>` +
      `<text x="${margin - 6}" y="${ys(y) + 4}" text-anchor="end">${Number(y.toPrecision(2)).toLocaleString('en')}</text>`,
  );
  return svg(title, [...beside, ...lines, ...below, axisNames(axes)]);
}

/** The whole tens from below the least to above the most. */
function tens(values: readonly number[]): readonly number[] {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(Math.ceil(Math.log10(Math.max(...values))), least + 1);
  return Array.from({ length: most - least + 1 }, (_, n) => 10 ** (least + n));
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

function logarithmic(values: readonly number[], from: number, to: number): (value: number) => number {
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
  return `<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${x}</text><text x="12" y="${margin - 18}">${y}</text>`;
}

function svg(title: string, parts: readonly string[]): string {
  const style = '<style>text{font:12px system-ui,sans-serif;fill:#374151}</style>';
  const head = `<text x="12" y="20" font-weight="600">${title}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><rect width="${width}" height="${height}" fill="#fff"/>${style}${head}${parts.join('')}</svg>\n`;
}
