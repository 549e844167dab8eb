import type { AttributeChange } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { splitWords } from '../semantics/words.ts';

/** Names that only hand a value on, or say where we are: which one is used does not say that the value is another. */
const HANDED_ON =
  /\b(?:var|local|each|count|self|path|terraform|data\.(?:aws_(?:region|caller_identity|partition|default_tags)|google_(?:project|client_config)|azurerm_(?:client_config|subscription)))(?:\.[\w-]+|\[[^\]]{0,200}\])+/g;

/** Words that make a handed-on name say something after all: `var.private_subnets` for `var.public_subnets`. */
const TELLING: ReadonlySet<string> = new Set([
  ...[
    'public',
    'private',
    'internal',
    'external',
    'internet',
    'isolated',
    'dmz',
    'open',
    'trusted',
    'untrusted',
  ],
  ...[
    'anyone',
    'all',
    'world',
    'restricted',
    'everyone',
    'partner',
    'vendor',
    'office',
    'vpn',
    'admin',
    'insecure',
    'secure',
  ],
]);

/** Longer texts are compared as they are. */
const LONGEST = 4_000;

/** Whether a change only takes the same thing from another variable: what is behind it is not known on either side. */
export function isRephrased(group: readonly AttributeChange[]): boolean {
  const before = group.flatMap((c) => c.before ?? []);
  const after = group.flatMap((c) => c.after ?? []);
  if (before.length === 0 || before.length !== after.length || ![...before, ...after].every(isOpaque))
    return false;
  return skeletons(before) === skeletons(after) && telling(before) === telling(after);
}

const isOpaque = (v: Value): boolean => v.kind === 'expression' && !v.resolved && v.text.length <= LONGEST;

const textOf = (v: Value): string => (v.kind === 'expression' ? v.text : '');

const skeletons = (values: readonly Value[]): string =>
  values
    .map((v) => textOf(v).replace(HANDED_ON, '§'))
    .sort()
    .join('\n');

const telling = (values: readonly Value[]): string =>
  values
    .flatMap((v) =>
      [...textOf(v).matchAll(HANDED_ON)].flatMap(([name]) => splitWords(name).filter((w) => TELLING.has(w))),
    )
    .sort()
    .join(' ');
