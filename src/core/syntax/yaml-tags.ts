import type { Value } from '../model/value.ts';
import { entries, expression, items, text } from '../values/value.ts';

/** Makes a value of a tagged node: `tag` as written (`!Sub`), `value` the node without its tag. */
export type TagReader = (tag: string, value: Value, line: number) => Value;

/** Short tags of CloudFormation: their plain value is an argument, not what they come to. */
export const CLOUDFORMATION_TAGS = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Ref',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
] as const;
const FUNCTIONS: ReadonlySet<string> = new Set(CLOUDFORMATION_TAGS);

/** The reader of tags that every file gets unless its own reader knows better. */
export const readTag: TagReader = (tag, value, line) => {
  const name = tag.replace(/^!+/, '');
  const references = [...new Set([...ownReferences(name, value), ...mentions(value)])];
  const written = `${tag} ${renderFlow(value)}`;
  return FUNCTIONS.has(name)
    ? expression(written, references, line)
    : expression(written, references, line, value);
};

/** Names that a CloudFormation function mentions by its own argument. */
export function ownReferences(name: string, value: Value): readonly string[] {
  const first = text(items(value)[0]);
  if (first === undefined) return [];
  switch (name) {
    case 'Ref':
    case 'ImportValue':
      return [first];
    case 'GetAtt':
      return [first.split('.')[0] ?? first];
    case 'Condition':
    case 'If':
      return [`Conditions.${first}`];
    case 'FindInMap':
      return [`Mappings.${first}`];
    case 'Sub': {
      const own = new Set(entries(items(value)[1]).map((e) => e.key));
      return subNames(first).filter((n) => !own.has(n));
    }
    default:
      return [];
  }
}

/** Names in the `${…}` of a `Sub` text, without attributes; `${!Literal}` is text. */
export function subNames(template: string): readonly string[] {
  return [...template.matchAll(/\$\{([^{}!$]{1,255})\}/g)].map(
    (m) => (m[1] ?? '').trim().split('.')[0] ?? '',
  );
}

/** Names mentioned by the expressions within a value. */
export function mentions(value: Value): readonly string[] {
  switch (value.kind) {
    case 'scalar':
      return [];
    case 'expression':
      return value.references;
    case 'list':
      return value.items.flatMap(mentions);
    case 'map':
      return value.entries.flatMap((e) => mentions(e.value));
  }
}

/** One-line text of a value, the same for every way of quoting and indenting it. */
export function renderFlow(value: Value): string {
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'string' && /[\s,:[\]{}'"#]|^$/.test(value.value)
        ? JSON.stringify(value.value)
        : String(value.value);
    case 'expression':
      return value.text;
    case 'list':
      return `[${value.items.map(renderFlow).join(', ')}]`;
    case 'map':
      return `{${value.entries.map((e) => `${e.key}: ${renderFlow(e.value)}`).join(', ')}}`;
  }
}
