import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './playbook-file.ts';
import { type ReportDefinition, reportSchema } from './report-definition.ts';

interface File {
  readonly name: string;
  readonly text: string;
}

/** Reports of a set of YAML files, or all problems of all files at once; never both. */
export interface LoadedReports {
  readonly reports: readonly ReportDefinition[];
  readonly problems: readonly Problem[];
}

/** Reads reports, as strictly as playbooks: no aliases, no unknown keys, nothing that YAML only warns about. */
export function loadReports(files: readonly File[]): LoadedReports {
  const parsed = files.map(parseFile);
  const problems = [...parsed.flatMap((one) => one.problems), ...twice(parsed)];
  return { reports: problems.length > 0 ? [] : parsed.flatMap((one) => one.report ?? []), problems };
}

interface Parsed {
  readonly file: string;
  readonly report: ReportDefinition | null;
  readonly problems: readonly Problem[];
}

function parseFile({ name, text }: File): Parsed {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, strict: true, lineCounter: counter });
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = counter.linePos(offset);
    return { file: name, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0)
    return {
      file: name,
      report: null,
      problems: syntax.map(({ pos, message }) => problem(pos[0], firstLine(message))),
    };
  const result = reportSchema.safeParse(withoutAliases(document));
  if (result.success) return { file: name, report: result.data, problems: [] };
  const problems = result.error.issues.map(({ path, message }) => {
    const where = path.map(String).join('.');
    return problem(offsetOf(document, path), where === '' ? message : `${where}: ${message}`);
  });
  return { file: name, report: null, problems };
}

/** An alias is left where it stands as null, which no field of a report may be. */
function withoutAliases(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}

/** Where the value at a path begins, or the deepest part of the path that is there. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length).map(String), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function twice(parsed: readonly Parsed[]): readonly Problem[] {
  const names = parsed.flatMap(({ file, report }) => (report ? [{ file, name: report.report }] : []));
  return names
    .filter(({ name }, index) => names.findIndex((other) => other.name === name) !== index)
    .map(({ file, name }) => ({ file, line: 1, column: 1, message: `there is another report ${name}` }));
}
