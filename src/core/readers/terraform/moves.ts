import type { HclExpression } from '../../syntax/hcl-tree.ts';
import type { TerraformFile } from './files.ts';
import { addressOf } from './mentions.ts';

/** Earlier addresses of one thing that are kept. */
const KEPT = 50;

/** For every address all addresses it had before, by the `moved` blocks of the directory, sorted. */
export function readMoves(files: readonly TerraformFile[]): ReadonlyMap<string, readonly string[]> {
  const direct = new Map<string, Set<string>>();
  for (const item of files.flatMap((file) => file.items)) {
    if (item.kind !== 'block' || item.type !== 'moved') continue;
    const [from, to] = ['from', 'to'].map((name) => {
      const end = item.body.find((part) => part.kind === 'attribute' && part.name === name);
      return end?.kind === 'attribute' ? wholeAddress(end.value) : undefined;
    });
    if (from === undefined || to === undefined || from === to) continue;
    const known = direct.get(to);
    if (known) known.add(from);
    else direct.set(to, new Set([from]));
  }
  return new Map([...direct.keys()].map((to) => [to, earlier(to, direct)]));
}

function earlier(address: string, direct: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Set<string>();
  const queue = [address];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const from of direct.get(at) ?? []) {
      if (found.size === KEPT) break;
      if (found.has(from) || from === address) continue;
      found.add(from);
      queue.push(from);
    }
  return [...found].sort();
}

/** The address of something in this directory; instances (`[0]`, `["a"]`) do not count, things inside modules do not either. */
function wholeAddress(end: HclExpression): string | undefined {
  if (end.kind !== 'traversal') return undefined;
  const names = end.steps.filter((step) => step.kind === 'attribute');
  const address = addressOf(end.root, names);
  return address?.split('.').length === names.length + 1 ? address : undefined;
}
