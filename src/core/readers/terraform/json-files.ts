import type { Entry, Value } from '../../model/value.ts';
import type { HclAttribute, HclBlock, HclExpression, HclItem, HclStep } from '../../syntax/hcl-tree.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from '../../syntax/problem.ts';
import { LIMITS } from '../../limits.ts';
import { readHclTemplate } from '../../syntax/hcl.ts';
import { parseJson } from '../../syntax/json.ts';
import { blockSpan, indexLines, type LineIndex } from '../../syntax/lines.ts';

interface JsonFile {
  readonly items: readonly HclItem[];
  readonly problems: readonly SyntaxProblem[];
}

/** What a file needs while it is turned into blocks. */
interface Reading {
  readonly index: LineIndex;
  /** Strings with `${ … }` that may still be handed to the parser. */
  templatesLeft: number;
  readonly problems: SyntaxProblem[];
}

/** Labels a block of this type has; each is one level of keys. Other types have none. */
const LABELS = new Map([
  ['resource', 2],
  ['data', 2],
  ['ephemeral', 2],
  ['action', 2],
  ['module', 1],
  ['provider', 1],
  ['variable', 1],
  ['output', 1],
  ['check', 1],
  ['backend', 1],
  ['dynamic', 1],
  ['provisioner', 1],
]);
/** Blocks within blocks that can be told from maps by their name alone. */
const NESTED = new Set([
  'dynamic',
  'provisioner',
  'lifecycle',
  'connection',
  'content',
  'backend',
  'cloud',
  'required_providers',
]);
/** How the strings of an attribute are meant: as templates, unless said otherwise for the type of block, or for all (`*`). */
type Meaning = 'template' | 'name' | 'plain';
const MEANINGS = new Map<string, Meaning>([
  ['*.depends_on', 'name'],
  ['*.provider', 'name'],
  ['*.providers', 'name'],
  ['module.source', 'plain'],
  ['module.version', 'plain'],
  ['variable.type', 'plain'],
  ['variable.description', 'plain'],
  ['variable.default', 'plain'],
  ['moved.from', 'name'],
  ['moved.to', 'name'],
  ['dynamic.iterator', 'name'],
  ['lifecycle.ignore_changes', 'plain'],
  ['lifecycle.replace_triggered_by', 'name'],
]);

function meaningOf(block: string, attribute: string): Meaning {
  return MEANINGS.get(`${block}.${attribute}`) ?? MEANINGS.get(`*.${attribute}`) ?? 'template';
}

/** A `*.tf.json` file: strings are templates, keys are block types and labels. */
export function readJsonConfiguration(text: string): JsonFile {
  const { value, errors } = parseJson(text);
  const reading: Reading = { index: indexLines(text), templatesLeft: LIMITS.aliases, problems: [...errors] };
  const items = mapsIn(value).flatMap((root) =>
    root.flatMap((e) => (isComment(e) ? [] : readBlocks(e.key, e, LABELS.get(e.key) ?? 0, [], reading))),
  );
  return { items, problems: reading.problems };
}

/** A `*.tfvars.json` file: plain values. */
export function readJsonValues(text: string): JsonFile {
  const { value, errors } = parseJson(text);
  const index = indexLines(text);
  const items = mapsIn(value).flatMap((root) =>
    root.map((e): HclAttribute => {
      const { startLine, endLine } = blockSpan(index, e.line, e.value);
      return { kind: 'attribute', name: e.key, value: literally(e.value), line: startLine, endLine };
    }),
  );
  return { items, problems: errors };
}

const isComment = (entry: Entry): boolean => entry.key === '//';

/** The entries of a map, or of every map of a list: the JSON syntax takes both wherever blocks may repeat. */
function mapsIn(value: Value | undefined): (readonly Entry[])[] {
  if (value?.kind === 'map') return [value.entries];
  return value?.kind === 'list' ? value.items.flatMap(mapsIn) : [];
}

function readBlocks(
  type: string,
  at: Entry,
  labelsLeft: number,
  labels: readonly string[],
  reading: Reading,
): HclBlock[] {
  return mapsIn(at.value).flatMap((entries) => {
    if (labelsLeft > 0)
      return entries.flatMap((e) =>
        isComment(e) ? [] : readBlocks(type, e, labelsLeft - 1, [...labels, e.key], reading),
      );
    const { startLine: line, endLine } = blockSpan(reading.index, at.line, at.value);
    return [{ kind: 'block', type, labels, body: readBody(type, entries, reading), line, endLine }];
  });
}

function readBody(type: string, entries: readonly Entry[], reading: Reading): HclItem[] {
  return entries.flatMap((e): HclItem[] => {
    if (isComment(e)) return [];
    if (NESTED.has(e.key)) return readBlocks(e.key, e, LABELS.get(e.key) ?? 0, [], reading);
    const { startLine: line, endLine } = blockSpan(reading.index, e.line, e.value);
    return [
      {
        kind: 'attribute',
        name: e.key,
        value: readValue(meaningOf(type, e.key), e.value, reading),
        line,
        endLine,
      },
    ];
  });
}

function readValue(meaning: Meaning, value: Value, reading: Reading): HclExpression {
  if (meaning === 'plain') return literally(value);
  if (meaning === 'template') return convert(value, (text, line) => readTemplate(text, line, reading));
  return convert(value, (text, line) => readPath(text, line) ?? { kind: 'literal', value: text, line });
}

const literally = (value: Value): HclExpression =>
  convert(value, (text, line) => ({ kind: 'literal', value: text, line }));

function convert(value: Value, read: (text: string, line: number) => HclExpression): HclExpression {
  const { line } = value;
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'string'
        ? read(value.value, line)
        : { kind: 'literal', value: value.value, line };
    case 'list':
      return { kind: 'tuple', items: value.items.map((item) => convert(item, read)), line };
    case 'map': {
      const entries = value.entries.flatMap((e) =>
        isComment(e)
          ? []
          : [
              {
                key: { kind: 'literal', value: e.key, line: e.line } as const,
                value: convert(e.value, read),
                line: e.line,
              },
            ],
      );
      return { kind: 'object', entries, line };
    }
    case 'expression':
      return { kind: 'opaque', text: value.text, line };
  }
}

function readTemplate(text: string, line: number, reading: Reading): HclExpression {
  if (!/[$%]\{/.test(text)) return { kind: 'literal', value: text, line };
  const path = /^\$\{([\w.-]+)\}$/.exec(text)?.[1];
  const simple = path === undefined ? undefined : readPath(path, line);
  if (simple) return simple;
  if (--reading.templatesLeft === -1) {
    const message = `More than ${LIMITS.aliases} strings with \`\${…}\`; the others are taken as text`;
    reading.problems.push({ message, line, column: 1, limit: true });
  }
  const template = reading.templatesLeft >= 0 ? readHclTemplate(text, line) : undefined;
  if (!template && reading.templatesLeft >= 0 && reading.problems.length < PROBLEMS_KEPT)
    reading.problems.push({ message: 'A template in a string is broken', line, column: 1, limit: false });
  return template ?? { kind: 'opaque', text: JSON.stringify(text), line };
}

/** `aws_lb.x.arn` as a path; undefined for anything else. */
function readPath(text: string, line: number): HclExpression | undefined {
  if (!/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(text)) return undefined;
  const [root = '', ...names] = text.split('.');
  const steps = names.map((name): HclStep => ({ kind: 'attribute', name }));
  return { kind: 'traversal', root, steps, line };
}
