import type { EChartsCoreOption } from 'echarts/core';
import type { Chart } from '../domain/report-chart.ts';

/** Size in the units of the picture; the page scales it to its own width. */
const width = 760;
const rowHeight = 30;

/*
 * A picture has its colours in it, a page has them by day and by night. So it is drawn in colours that stand for a name,
 * and the names are put in afterwards.
 */
const ink = '#010101';
const line = '#020202';
const shades = ['#030301', '#030302', '#030303', '#030304', '#030305', '#030306'];
const names: ReadonlyMap<string, string> = new Map([
  [ink, 'var(--muted)'],
  [line, 'var(--line)'],
  ...shades.map((shade, index) => [shade, `var(--series-${index + 1})`] as const),
]);

/** A chart as SVG, without scripts; the same chart gives the same text. The library is loaded when the first one is drawn. */
export async function svgOf(chart: Chart): Promise<string> {
  const { drawing } = await import('./drawing.ts');
  const height = chart.form === 'bars' ? 60 + rowHeight * chart.categories.length : 260;
  return named(drawing(optionOf(chart), { width, height }));
}

function optionOf({ form, categories, series }: Chart): EChartsCoreOption {
  const bars = form === 'bars';
  const font = { color: ink, fontFamily: 'inherit', fontSize: 12 };
  const category = {
    type: 'category',
    data: [...categories],
    inverse: bars,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { ...font, hideOverlap: true, ...(bars ? { width: labelWidth(categories), overflow: 'truncate' } : {}) },
  };
  const value = { type: 'value', minInterval: 1, axisLabel: font, splitLine: { lineStyle: { color: line } } };
  return {
    animation: false,
    color: shades,
    grid: { left: bars ? labelWidth(categories) + 12 : 40, right: 28, top: 14, bottom: 26 },
    xAxis: bars ? value : category,
    yAxis: bars ? category : value,
    series: series.map(({ name, values }) => ({
      name,
      type: 'bar',
      stack: 'all',
      silent: true,
      barMaxWidth: 26,
      data: [...values],
      label: { ...font, show: bars && series.length === 1, position: 'right' },
    })),
  };
}

/** Nobody can measure text here, so there is room for letters of a usual width, and not for more than a third of the picture. */
function labelWidth(categories: readonly string[]): number {
  return Math.min(250, Math.max(30, 7.4 * Math.max(...categories.map(({ length }) => length))));
}

/** Names of colours for the colours, and no ids or classes: they count up over the life of a process. */
function named(svg: string): string {
  const coloured = svg.replace(/#0[123]0[123]0[1-6]\b/g, (colour) => names.get(colour) ?? colour);
  return coloured
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/<rect width="\d+" height="\d+" x="0" y="0" fill="none"><\/rect>/, '')
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ');
}
