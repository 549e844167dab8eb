import type { Entry } from '../../model/value.ts';
import { lastLine } from '../../syntax/lines.ts';
import { entry, map } from '../../values/value.ts';
import type { Declaration } from './declaration.ts';
import { evaluate } from './evaluate.ts';
import type { TerraformFile } from './files.ts';
import type { Scope } from './scope.ts';

/** Every leaf of a file of variable values as `<path>#a.b.c`: such files are where one environment differs from another. */
export function readTfvars(file: TerraformFile, scope: Scope): Declaration[] {
  const found: Declaration[] = [];
  for (const item of file.items) {
    if (item.kind !== 'attribute') continue;
    const top = entry(item.name, evaluate(item.value, scope), item.line);
    collectLeaves(top, item.name, (leaf, name) => {
      const endLine = leaf === top ? item.endLine : Math.max(leaf.line, lastLine(leaf.value));
      found.push({
        address: `${file.path}#${name}`,
        type: 'tfvar',
        name,
        file: file.path,
        span: { startLine: leaf.line, endLine },
        values: map([entry('value', leaf.value, leaf.line)], leaf.line),
        references: [],
      });
    });
  }
  return found;
}

/** Characters of a name beyond which an object is not taken apart: names of its leaves would repeat all of it. */
const LONGEST_NAME = 500;

/** Objects are taken apart; lists, scalars and empty objects are leaves. */
function collectLeaves(at: Entry, name: string, visit: (leaf: Entry, name: string) => void): void {
  const { value } = at;
  if (value.kind !== 'map' || value.entries.length === 0 || name.length > LONGEST_NAME) visit(at, name);
  else for (const inner of value.entries) collectLeaves(inner, `${name}.${inner.key}`, visit);
}
