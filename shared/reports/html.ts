import type { Figures, Report, Section, Table } from '../domain/report.ts';
import type { Chart } from '../domain/report-chart.ts';
import { audiences } from '../domain/report-definition.ts';
import { svgOf } from './chart.ts';
import { escapeHtml as text } from './escape.ts';
import { style } from './style.ts';
import { cellInWords, minute, periodInWords } from './words.ts';

/** No script, no address, nothing from elsewhere: whatever a name in the data is made of, it is only text. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A report as one page that needs nothing else: charts are drawn in, each with its numbers as a table. */
export async function htmlOf(report: Report): Promise<string> {
  const sections: string[] = [];
  for (const [index, section] of report.sections.entries()) sections.push(await sectionOf(section, `s${index + 1}`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${text(report.title)}, ${text(report.period.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
${header(report)}
${sections.join('\n')}
<footer>
${report.notes.map((note) => `<p>${text(note)}</p>`).join('\n')}
<p>All times are UTC. Made by Quell on ${minute(report.made)} from its ledger.</p>
</footer>
</main>
</body>
</html>
`;
}

function header({ title, about, audience, period, made }: Report): string {
  const early = made < period.to ? `\n<p class="early">So far, until ${minute(made)}</p>` : '';
  return `<header>
<p class="kind">Quell, ${period.cadence} report</p>
<h1>${text(title)}</h1>
<p class="period">${text(periodInWords(period))}</p>
<p class="about">${text(about)}</p>
<p class="for">For ${text(audience.map((name) => audiences[name]).join(', '))}</p>${early}
</header>`;
}

async function sectionOf(section: Section, id: string): Promise<string> {
  if (section.kind === 'figures') return figures(section);
  if (section.kind === 'table') return titled(id, section.title, table(section, id));
  return titled(id, section.title, await chart(section, id));
}

function titled(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${text(title)}</h2>\n${body}\n</section>`;
}

function figures({ figures: all }: Figures): string {
  const one = ({ label, value }: Figures['figures'][number]) =>
    `<div><dt>${text(label)}</dt><dd>${text(value)}</dd></div>`;
  return `<dl class="figures">${all.map(one).join('')}</dl>`;
}

async function chart(of: Chart, id: string): Promise<string> {
  const empty = of.series.every(({ values }) => values.every((value) => value === 0));
  if (empty) return '<p class="nothing">Nothing in this period.</p>';
  return `<figure>
${legend(of)}<div class="drawing" tabindex="0" role="img" aria-label="${text(of.text)} The numbers are in the table below.">${await svgOf(of)}</div>
<details><summary>The numbers</summary>
${numbers(of, id)}
</details>
</figure>`;
}

/** Which colour is which; one alone needs no name. */
function legend({ series }: Chart): string {
  if (series.length < 2) return '';
  const keys = series.map(({ name }, index) => `<li><span class="k${index + 1}"></span>${text(name)}</li>`);
  return `<ul class="legend" aria-hidden="true">${keys.join('')}</ul>\n`;
}

/** The chart as a table: with a row for each category that has something. */
function numbers({ categories, series }: Chart, id: string): string {
  const rows = categories.flatMap((category, index) => {
    const values = series.map(({ values: all }) => all[index] ?? 0);
    if (values.every((value) => value === 0)) return [];
    const cells = values.map((value) => `<td class="number">${value}</td>`).join('');
    return [`<tr><th scope="row">${text(category)}</th>${cells}</tr>`];
  });
  const heads = series.map(({ name }) => `<th scope="col" class="number">${text(name)}</th>`).join('');
  const head = `<thead><tr><th scope="col">Of</th>${heads}</tr></thead>`;
  return scrolling(id, `<table>${head}<tbody>${rows.join('')}</tbody></table>`);
}

function table({ columns, rows, left, empty }: Table, id: string): string {
  if (rows.length === 0) return `<p class="nothing">${text(empty)}</p>`;
  const classOf = ({ name, type }: Table['columns'][number]) =>
    type === 'text' ? (['run', 'account', 'why'].includes(name) ? ` class="${name}"` : '') : ` class="${type}"`;
  const heads = columns.map((column) => `<th scope="col"${classOf(column)}>${text(column.title)}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = columns.map((column, index) => {
      const value = text(cellInWords(row[index] ?? null, column)).replaceAll('@', '<wbr>@');
      return `<td${classOf(column)}>${value}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const more = left === 0 ? '' : `\n<p class="left">${left} more; the CSV of this report has them all.</p>`;
  return `${scrolling(id, `<table><thead><tr>${heads}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`)}${more}`;
}

/** Wide tables scroll by themselves, with the keyboard as well. */
function scrolling(id: string, body: string): string {
  return `<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0">${body}</div>`;
}
