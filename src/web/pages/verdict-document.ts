import { verdictSchema } from '../../core/report/verdict-schema.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { NOT_ON_RECORD } from '../../core/audit/details.ts';

/** What a stored verdict says, as far as this version can read it. */
export interface ReadVerdict {
  readonly verdict: Verdict;
  /** Parts that could not be read, and are shown as if they were empty. */
  readonly unread: readonly string[];
  /** Version of the document, where it says one. */
  readonly schema: string | undefined;
}

const PARTS = Object.keys(verdictSchema.unwrap().shape);

/** So often something is taken out that does not fit, before the rest is given up. */
const ROUNDS = 8;
/** With less than this of it, it is no verdict. */
const FEWEST = 3;

/**
 * A verdict was written by whatever version judged then, and comes from a database: nothing in it is believed before it is
 * what it should be. What is unknown is left out, and what does not fit is named. Undefined when it is no verdict at all.
 */
export function readVerdict(text: string): ReadVerdict | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? fitted(value) : undefined;
  } catch {
    return undefined;
  }
}

type Plain = Record<string, unknown>;

function fitted(value: Plain): ReadVerdict | undefined {
  const schema = typeof value['schema'] === 'string' ? value['schema'].slice(0, 20) : undefined;
  const unread = new Set<string>();
  const candidate = structuredClone(value);
  for (let round = 0; round < ROUNDS; round++) {
    const read = verdictSchema.safeParse(candidate);
    if (read.success) {
      const known = PARTS.filter((part) => part in value && !unread.has(part)).length;
      return known < FEWEST ? undefined : { verdict: read.data, unread: [...unread].sort(), schema };
    }
    for (const part of takeOut(candidate, read.error.issues)) unread.add(part);
  }
  return undefined;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
}

/** Takes what does not fit out of `value`, and says of which parts it was; keys that are unknown are no loss. */
function takeOut(value: Plain, issues: readonly Issue[]): ReadonlySet<string> {
  const entries = new Map<string, Set<number>>();
  const parts = new Set<string>();
  for (const { code, path, keys = [] } of issues) {
    const [part, index] = [String(path[0] ?? ''), path[1]];
    if (code === 'unrecognized_keys') {
      const at = path.reduce(within, value);
      if (isObject(at)) for (const key of keys) Reflect.deleteProperty(at, key);
      continue;
    }
    parts.add(part);
    if (Array.isArray(value[part]) && typeof index === 'number')
      entries.set(part, (entries.get(part) ?? new Set()).add(index));
    else value[part] = NOTHING[part];
  }
  for (const [part, indexes] of entries) {
    const list = value[part];
    if (Array.isArray(list)) value[part] = list.filter((_, i) => !indexes.has(i));
  }
  return parts;
}

const within = (inside: unknown, key: PropertyKey): unknown =>
  isObject(inside) || Array.isArray(inside) ? (inside as Record<PropertyKey, unknown>)[key] : undefined;

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

const NOTHING: Readonly<Record<string, unknown>> = {
  schema: '0.0',
  tool: { name: 'threatgate', version: NOT_ON_RECORD, rules: NOT_ON_RECORD, catalogue: NOT_ON_RECORD },
  repository: NOT_ON_RECORD,
  base: NOT_ON_RECORD,
  head: NOT_ON_RECORD,
  mode: 'enforce',
  conclusion: 'failure',
  applicable: true,
  title: NOT_ON_RECORD,
  digest: NO_DIGEST,
  policy: { origin: NOT_ON_RECORD, digest: NO_DIGEST },
  judgement: {
    id: 'unread',
    title: 'Judgement',
    state: 'info',
    reason: 'It cannot be read by this version.',
    because: [],
    children: [],
  },
  facts: [],
  resources: [],
  coverage: { facts: [], unexplained: [], refused: [] },
  model: { touched: [], changes: [] },
  questions: [],
  doubts: [],
  examined: { files: [], resources: { base: 0, head: 0 }, models: [] },
};

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
