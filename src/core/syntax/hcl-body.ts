import type { HclAttribute, HclBlock, HclItem } from './hcl-tree.ts';
import { descend, eachChild, endOf, opaque, slice, startOf, type Walk } from './hcl-cursor.ts';
import { isWord, readExpression, readObjectEntries } from './hcl-expressions.ts';
import { readQuoted } from './hcl-strings.ts';

const NAME = /[^\s=/#]+/y;

/** Attributes and blocks under the cursor. Those inside a damaged stretch count as well: it is better to know them. */
export function readBody(walk: Walk): HclItem[] {
  const items: HclItem[] = [];
  collect(walk, items);
  return items;
}

function collect(walk: Walk, items: HclItem[]): void {
  eachChild(walk, (type) => {
    if (type === 'attribute') items.push(readAttribute(walk));
    else if (type === 'block') items.push(readBlock(walk));
    else if (type === 'body') collect(walk, items);
    else if (type === 'object') items.push(...readRootObject(walk));
    else if (type === 'ERROR')
      descend(
        walk,
        () => collect(walk, items),
        () => undefined,
      );
  });
}

function readAttribute(walk: Walk): HclAttribute {
  const { text, cursor } = walk;
  const start = startOf(walk);
  const end = endOf(walk);
  const line = walk.lineOf(start);
  NAME.lastIndex = start;
  const name = NAME.exec(text)?.[0] ?? '';
  walk.bounds.nodesLeft--;
  cursor.gotoLastChild();
  const value =
    cursor.nodeType === 'expression'
      ? readExpression(walk)
      : opaque(text.slice(start + name.length, end), line);
  cursor.gotoParent();
  return { kind: 'attribute', name, value, line, endLine: walk.lineOf(end) };
}

function readBlock(walk: Walk): HclBlock {
  const { text } = walk;
  const line = walk.lineOf(startOf(walk));
  const end = endOf(walk);
  let type: string | undefined;
  const labels: string[] = [];
  const body: HclItem[] = [];
  eachChild(walk, (kind) => {
    if (kind === 'identifier' || kind === 'string_lit') {
      const word = slice(walk);
      const name = kind === 'string_lit' ? (readQuoted(text, startOf(walk), endOf(walk)) ?? word) : word;
      if (type === undefined) type = name;
      else labels.push(name);
    } else if (kind === 'body' || kind === 'ERROR')
      descend(
        walk,
        () => collect(walk, body),
        () => undefined,
      );
  });
  return { kind: 'block', type: type ?? '', labels, body, line, endLine: walk.lineOf(end) };
}

/** A file that is one object: variable values may be written so. */
function readRootObject(walk: Walk): HclAttribute[] {
  return readObjectEntries(walk).flatMap(({ key, value, line }) => {
    const name = isWord(key) ? key.root : key.kind === 'literal' ? String(key.value) : undefined;
    return name === undefined ? [] : [{ kind: 'attribute' as const, name, value, line, endLine: value.line }];
  });
}
