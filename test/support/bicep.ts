import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** One Bicep file, read: what it declares, what it uses, and what is wrong with it. */
export interface Bicep {
  readonly file: string;
  readonly root: Node;
  readonly params: ReadonlyMap<string, { readonly required: boolean }>;
  readonly outputs: ReadonlySet<string>;
  readonly modules: ReadonlyMap<string, Called>;
}

/** A module as it is called. */
export interface Called {
  readonly path: string;
  /** The file behind it; null where it comes from a registry. */
  readonly file: string | null;
  readonly params: readonly string[];
}

let parser: Parser | null = null;

async function parserOf(): Promise<Parser> {
  if (parser) return parser;
  await Parser.init();
  const made = new Parser();
  made.setLanguage(await Language.load('node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm'));
  parser = made;
  return made;
}

/** Parses text; `file` says where it stands. */
export async function parseBicep(file: string, text: string = readFileSync(file, 'utf8')): Promise<Bicep> {
  const tree = (await parserOf()).parse(text);
  if (!tree) throw new Error(`${file} cannot be parsed`);
  const root = tree.rootNode;
  const top = root.namedChildren.filter((node) => node !== null);
  const of = (type: string) => top.filter((node) => node.type === type);
  return {
    file,
    root,
    params: new Map(of('parameter_declaration').map((node) => [nameOf(node), { required: !node.text.includes('=') }])),
    outputs: new Set(of('output_declaration').map(nameOf)),
    modules: new Map(of('module_declaration').map((node) => [nameOf(node), calledBy(node, file)])),
  };
}

function nameOf(node: Node): string {
  return first(node, 'identifier')?.text ?? '';
}

function first(node: Node, type: string): Node | null {
  return node.namedChildren.find((child) => child?.type === type) ?? null;
}

function calledBy(node: Node, from: string): Called {
  const path = (first(node, 'string')?.text ?? '').slice(1, -1);
  const body = first(first(node, 'if_statement') ?? node, 'object');
  const params = body ? propertyOf(body, 'params') : null;
  return {
    path,
    file: path.startsWith('br') ? null : normalize(join(dirname(from), path)),
    params: params ? keysOf(params) : [],
  };
}

/** The value of a property of an object; null where it has none of that name. */
export function propertyOf(object: Node, name: string): Node | null {
  const property = object.namedChildren.find((child) => child?.type === 'object_property' && keyOf(child) === name);
  return property?.namedChildren.at(-1) ?? null;
}

/** The names of an object's properties. */
export function keysOf(object: Node): readonly string[] {
  return object.namedChildren.flatMap((child) => (child?.type === 'object_property' ? [keyOf(child)] : []));
}

function keyOf(property: Node): string {
  return (property.namedChildren[0]?.text ?? '').replace(/^'|'$/g, '');
}

/** The object that a variable of the file is. */
export function variable({ root }: Bicep, name: string): Node {
  const found = root.namedChildren.find((node) => node?.type === 'variable_declaration' && nameOf(node) === name);
  const object = found ? first(found, 'object') : null;
  if (!object) throw new Error(`there is no object ${name}`);
  return object;
}

/** Where the text is no Bicep, as `line:column`. */
export function syntaxErrors({ root }: Bicep): readonly string[] {
  if (!root.hasError) return [];
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.isError || node.isMissing) found.push(`${node.startPosition.row + 1}:${node.startPosition.column + 1}`);
    for (const child of node.children) if (child) walk(child);
  };
  walk(root);
  return found;
}

const declarations = new Set([
  'parameter_declaration',
  'variable_declaration',
  'resource_declaration',
  'module_declaration',
  'user_defined_function',
  'type_declaration',
]);

/** Functions of the language that the files use; another one is a slip of the pen, or a line to add here. */
const builtIn = new Set([
  ...['allowed', 'description', 'maxLength', 'minLength', 'maxValue', 'minValue', 'secure', 'batchSize'],
  ...['empty', 'environment', 'guid', 'items', 'loadJsonContent', 'loadTextContent', 'replace', 'resourceGroup'],
  ...['subscription', 'subscriptionResourceId', 'take', 'tenant', 'union', 'uniqueString'],
]);

/** Names that are used and nowhere declared, and names that are declared and nowhere used. */
export function symbolProblems({ root, file }: Bicep): readonly string[] {
  const declared = new Map<string, Node>();
  for (const node of root.namedChildren) if (node && declarations.has(node.type)) declared.set(nameOf(node), node);
  const used = new Set<string>();
  const unknown: string[] = [];
  const use = (node: Node, local: ReadonlySet<string>): void => {
    used.add(node.text);
    if (declared.has(node.text) || local.has(node.text)) return;
    unknown.push(`${file}:${node.startPosition.row + 1}: ${node.text} is not declared`);
  };
  walk(root, new Set(), use, (name, at) => {
    if (!builtIn.has(name) && !declared.has(name)) unknown.push(`${file}:${at}: there is no function ${name}`);
  });
  const unused = [...declared]
    .filter(([name, { type }]) => !used.has(name) && /parameter|variable/.test(type))
    .map(([name]) => `${file}: ${name} is declared and not used`);
  return [...unknown, ...unused];
}

type Use = (node: Node, local: ReadonlySet<string>) => void;
type Call = (name: string, line: number) => void;

function walk(node: Node, local: ReadonlySet<string>, use: Use, call: Call): void {
  if (node.type === 'identifier') use(node, local);
  if (node.type === 'call_expression') callOf(node, call);
  const names = node.type === 'for_statement' ? new Set([...local, ...loopNames(node)]) : local;
  for (const child of expressionsIn(node)) walk(child, names, use, call);
}

function callOf({ namedChildren: [called] }: Node, call: Call): void {
  if (called?.type === 'identifier') call(called.text, called.startPosition.row + 1);
}

/** The children that use something: not the name that is declared, nor that of a property, a function or a type. */
function expressionsIn(node: Node): readonly Node[] {
  const children = node.namedChildren.filter((child) => child !== null);
  const [first] = children;
  switch (node.type) {
    case 'type':
    case 'comment':
      return [];
    case 'object_property':
    case 'call_expression':
      return first?.type === 'identifier' ? children.slice(1) : children;
    case 'for_statement':
      return children.filter((child) => !isLoopName(child));
  }
  const declares = declarations.has(node.type) || node.type === 'output_declaration';
  const own = declares ? children.findIndex(({ type }) => type === 'identifier') : -1;
  return children.filter((_child, index) => index !== own);
}

function loopNames(node: Node): readonly string[] {
  return node.namedChildren.flatMap((child) => (child && isLoopName(child) ? (child.text.match(/\w+/g) ?? []) : []));
}

function isLoopName(node: Node): boolean {
  return node.parent?.childForFieldName('initializer')?.id === node.id || node.type === 'for_loop_parameters';
}
