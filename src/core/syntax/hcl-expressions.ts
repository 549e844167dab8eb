import type { HclExpression, HclFor, HclObjectEntry, HclStep, HclTraversal } from './hcl-tree.ts';
import { descend, eachChild, endOf, opaque, slice, startOf, type Walk } from './hcl-cursor.ts';
import { readQuoted } from './hcl-strings.ts';
import { Terms } from './hcl-terms.ts';
import { readTemplate } from './hcl-templates.ts';
import { readNumber } from './number.ts';

const PATH = /[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** Stands in for the key of an object's part that could not be read. */
const UNREADABLE = '$unreadable';

/** The expression under the cursor, which may be any node that stands for a value. */
export function readExpression(walk: Walk): HclExpression {
  const { text } = walk;
  const start = startOf(walk);
  const end = endOf(walk);
  const line = walk.lineOf(start);
  return (
    readSimple(text, start, end, line) ??
    descend(
      walk,
      () => readTerms(walk, line),
      () => opaque(text.slice(start, end), line),
    )
  );
}

/** Literals and plain paths, straight from the text: the larger part of every file, without a step into the tree. */
function readSimple(text: string, start: number, end: number, line: number): HclExpression | undefined {
  const first = text.charCodeAt(start);
  if (first === 34) {
    const value = readQuoted(text, start, end);
    return value === undefined ? undefined : { kind: 'literal', value, line };
  }
  if (first >= 48 && first <= 57) {
    const digits = match(NUMBER, text, start);
    return digits.length === end - start ? { kind: 'literal', value: readNumber(digits), line } : undefined;
  }
  const path = match(PATH, text, start);
  if (path === '' || path.length !== end - start) return undefined;
  const word = WORDS.get(path);
  if (word !== undefined) return { kind: 'literal', value: word, line };
  const [root = '', ...names] = path.split('.');
  return { kind: 'traversal', root, steps: names.map((name) => ({ kind: 'attribute', name })), line };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** What the children of one node come to: a term with its steps, or an operation on terms. */
function readTerms(walk: Walk, line: number): HclExpression {
  const terms = new Terms();
  eachChild(walk, (type) => {
    if (STEPS.has(type)) terms.step(readSteps(walk, type));
    else if (TERMS.has(type)) terms.add(readTerm(walk, type));
    else terms.punctuate(type);
  });
  return terms.combine(line) ?? opaque(slice(walk), line);
}

const STEPS: ReadonlySet<string> = new Set(['get_attr', 'index', 'splat']);

const TERMS: ReadonlySet<string> = new Set([
  'expression',
  'literal_value',
  'variable_expr',
  'template_expr',
  'collection_value',
  'function_call',
  'for_expr',
  'operation',
  'conditional',
]);

function readTerm(walk: Walk, type: string): HclExpression {
  const line = walk.lineOf(startOf(walk));
  switch (type) {
    case 'collection_value':
      return inside(walk, (kind) => (kind === 'tuple' ? readTuple(walk, line) : readObject(walk, line)));
    case 'template_expr':
      return inside(walk, (kind) => readTemplate(walk, kind, line, operandsOf));
    case 'for_expr':
      return inside(walk, (kind) => readFor(walk, kind, line));
    case 'operation':
      return inside(walk, () => descendInto(walk, line));
    case 'function_call':
      return readCall(walk, line);
    case 'conditional':
      return readConditional(walk, line);
    case 'variable_expr':
      return { kind: 'traversal', root: slice(walk), steps: [], line };
    case 'literal_value':
      return readLiteral(walk, line);
    default:
      return readExpression(walk);
  }
}

function readLiteral(walk: Walk, line: number): HclExpression {
  const start = startOf(walk);
  const simple = readSimple(walk.text, start, endOf(walk), line);
  if (simple) return simple;
  const value = Number(slice(walk));
  return Number.isFinite(value) ? { kind: 'literal', value, line } : opaque(slice(walk), line);
}

function descendInto(walk: Walk, line: number): HclExpression {
  return descend(
    walk,
    () => readTerms(walk, line),
    () => opaque(slice(walk), line),
  );
}

/** Reads the first child: for nodes that only wrap one other. */
function inside(walk: Walk, read: (type: string) => HclExpression): HclExpression {
  let result: HclExpression | undefined;
  eachChild(walk, (type) => {
    if (type !== 'comment') result ??= read(type);
  });
  return result ?? opaque(slice(walk), walk.lineOf(startOf(walk)));
}

function readTuple(walk: Walk, line: number): HclExpression {
  const items: HclExpression[] = [];
  eachChild(walk, (type) => {
    if (type === 'expression') items.push(readExpression(walk));
    else if (type === 'ERROR') items.push(opaque(slice(walk), walk.lineOf(startOf(walk))));
  });
  return { kind: 'tuple', items, line };
}

function readObject(walk: Walk, line: number): HclExpression {
  return { kind: 'object', entries: readObjectEntries(walk), line };
}

/** Entries of the object node under the cursor. */
export function readObjectEntries(walk: Walk): readonly HclObjectEntry[] {
  const entries: HclObjectEntry[] = [];
  eachChild(walk, (type) => {
    if (type !== 'object_elem' && type !== 'ERROR') return;
    const line = walk.lineOf(startOf(walk));
    const [key, value] = type === 'ERROR' ? [] : operandsOf(walk);
    if (key && value) entries.push({ key, value, line });
    else
      entries.push({
        key: { kind: 'literal', value: UNREADABLE, line },
        value: opaque(slice(walk), line),
        line,
      });
  });
  return entries;
}

/** All children that are expressions, in order. */
export function operandsOf(walk: Walk): HclExpression[] {
  const operands: HclExpression[] = [];
  eachChild(walk, (type) => {
    if (type === 'expression') operands.push(readExpression(walk));
  });
  return operands;
}

function readCall(walk: Walk, line: number): HclExpression {
  let name = '';
  let spread = false;
  const operands: HclExpression[] = [];
  eachChild(walk, (type) => {
    if (type === 'identifier') name = slice(walk);
    if (type !== 'function_arguments') return;
    eachChild(walk, (part) => {
      if (part === 'expression') operands.push(readExpression(walk));
      else if (part === 'ellipsis') spread = true;
    });
  });
  return { kind: 'call', name, operands, spread, line };
}

function readConditional(walk: Walk, line: number): HclExpression {
  const operands = operandsOf(walk);
  return operands.length === 3 ? { kind: 'conditional', operands, line } : opaque(slice(walk), line);
}

function readFor(walk: Walk, type: string, line: number): HclExpression {
  const bound: string[] = [];
  const result: HclExpression[] = [];
  let collection: HclExpression | undefined;
  let condition: HclExpression | undefined;
  let grouped = false;
  eachChild(walk, (part) => {
    if (part === 'expression') result.push(readExpression(walk));
    else if (part === 'for_cond') condition = operandsOf(walk)[0];
    else if (part === 'ellipsis') grouped = true;
    else if (part === 'for_intro')
      eachChild(walk, (word) => {
        if (word === 'identifier') bound.push(slice(walk));
        else if (word === 'expression') collection = readExpression(walk);
      });
  });
  const shape: HclFor['shape'] = type === 'for_tuple_expr' ? 'tuple' : 'object';
  if (!collection || result.length !== (shape === 'tuple' ? 1 : 2)) return opaque(slice(walk), line);
  return {
    kind: 'for',
    shape,
    bound,
    collection,
    result,
    grouped,
    line,
    ...(condition ? { condition } : {}),
  };
}

/** `.name`, `.0`, `[key]`, `[*].name…`. */
function readSteps(walk: Walk, type: string): HclStep[] {
  if (type === 'get_attr') return [{ kind: 'attribute', name: slice(walk).slice(1).trim() }];
  const steps: HclStep[] = [];
  if (type === 'splat') steps.push({ kind: 'splat' });
  eachChild(walk, (form) => {
    const line = walk.lineOf(startOf(walk));
    if (form === 'legacy_index') {
      const value = readNumber(slice(walk).slice(1).trim());
      steps.push({ kind: 'index', key: { kind: 'literal', value, line } });
    } else if (form === 'new_index') {
      const [key] = operandsOf(walk);
      if (key) steps.push({ kind: 'index', key });
    } else
      eachChild(walk, (part) => {
        if (part === 'get_attr' || part === 'index') steps.push(...readSteps(walk, part));
      });
  });
  return steps;
}

/** A name without steps: what the grammar makes of a bare word. */
export function isWord(expression: HclExpression): expression is HclTraversal {
  return expression.kind === 'traversal' && expression.steps.length === 0;
}
