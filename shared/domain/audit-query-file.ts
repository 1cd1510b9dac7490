import { isNode, LineCounter, parseDocument, visit } from 'yaml';
import { type AuditQuery, auditQuerySchema } from './audit-query.ts';
import type { Problem } from './playbook-file.ts';

/** Saved queries of a set of YAML files, or all problems of all of them; never both. */
export interface LoadedQueries {
  readonly queries: readonly AuditQuery[];
  readonly problems: readonly Problem[];
}

/** Reads saved queries, as strictly as playbooks: no aliases, no unknown or doubled keys. A query has the name of its file. */
export function loadQueries(files: readonly { readonly name: string; readonly text: string }[]): LoadedQueries {
  const loaded = files.map(loadOne);
  const problems = loaded.flatMap((one) => one.problems);
  return { queries: problems.length > 0 ? [] : loaded.flatMap((one) => one.queries), problems };
}

function loadOne({ name: file, text }: { name: string; text: string }): LoadedQueries {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, strict: true, lineCounter: counter });
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const syntax = [...document.errors, ...document.warnings].map((error) =>
    problem(error.pos[0], error.message.split('\n')[0] ?? error.message),
  );
  visit(document, {
    Alias: (_, node) => {
      syntax.push(problem(node.range?.[0] ?? 0, 'write it out: an alias is not allowed'));
    },
  });
  if (syntax.length > 0) return { queries: [], problems: syntax };
  const query = auditQuerySchema.safeParse(document.toJS());
  const offsetOf = (path: readonly PropertyKey[]) => {
    const node = document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
  };
  if (!query.success)
    return {
      queries: [],
      problems: query.error.issues.map(({ path, message }) =>
        problem(offsetOf(path), [path.map(String).join('.'), message].filter(Boolean).join(': ')),
      ),
    };
  if (`${query.data.name}.yaml` !== fileNameOf(file))
    return {
      queries: [],
      problems: [problem(offsetOf(['name']), `name: has to be that of its file, ${fileNameOf(file)}`)],
    };
  return { queries: [query.data], problems: [] };
}

function fileNameOf(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}
