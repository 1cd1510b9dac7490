import type { Report, Section, Table } from '../domain/report.ts';
import type { Chart } from '../domain/report-chart.ts';
import { audiences } from '../domain/report-definition.ts';
import { escapeMarkdown as text } from './escape.ts';
import { cellInWords, minute, periodInWords } from './words.ts';

/** A report as Markdown (GitHub's tables), for a terminal, a wiki or a message. */
export function markdownOf(report: Report): string {
  const { title, about, audience, period, made, notes, sections } = report;
  const names = audience.map((name) => audiences[name]).join(', ');
  const early = made < period.to ? ['', `So far, until ${minute(made)} UTC.`] : [];
  return [
    `# ${text(title)}`,
    '',
    `${periodInWords(period)} (${period.name}), ${period.cadence}. For ${names}.`,
    ...early,
    '',
    text(about),
    ...sections.flatMap((section) => ['', ...sectionOf(section)]),
    '',
    ...notes.map((note) => `> ${note}`),
    `> All times are UTC. Made by Quell on ${minute(made)} from its ledger.`,
    '',
  ].join('\n');
}

function sectionOf(section: Section): readonly string[] {
  if (section.kind === 'figures') return section.figures.map(({ label, value }) => `- ${text(label)}: **${value}**`);
  return [`## ${text(section.title)}`, '', ...(section.kind === 'table' ? table(section) : chart(section))];
}

function table({ columns, rows, left, empty }: Table): readonly string[] {
  if (rows.length === 0) return [text(empty)];
  const lines = rows.map((row) => columns.map((column, index) => text(cellInWords(row[index] ?? null, column))));
  const more = left === 0 ? [] : ['', `${left} more; the CSV of this report has them all.`];
  const right = columns.map(({ type }) => type === 'number');
  return [
    ...grid(
      columns.map(({ title }) => title),
      right,
      lines,
    ),
    ...more,
  ];
}

function chart({ categories, series }: Chart): readonly string[] {
  const lines = categories.flatMap((category, index) => {
    const values = series.map(({ values: all }) => all[index] ?? 0);
    return values.every((value) => value === 0) ? [] : [[text(category), ...values.map(String)]];
  });
  if (lines.length === 0) return ['Nothing in this period.'];
  return grid(['Of', ...series.map(({ name }) => text(name))], [false, ...series.map(() => true)], lines);
}

function grid(
  titles: readonly string[],
  right: readonly boolean[],
  lines: readonly (readonly string[])[],
): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(titles), row(right.map((one) => (one ? '---:' : '---'))), ...lines.map(row)];
}
