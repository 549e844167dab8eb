import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Fact } from './model/fact.ts';
import type { ModelDelta } from './model/model-delta.ts';

/** Plain data as JSON with sorted keys: equal data, equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`)
      .join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

export function digestOf(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}

/**
 * The delta digest: what an approval is bound to. It holds the meaning of every fact and model change and nothing that a
 * rebase, a merge of the base branch, a squash or an edit of unrelated lines would alter. `contents`: what lies behind the
 * deciding facts in full (`contents.ts`), sorted.
 */
export function deltaDigest(facts: readonly Fact[], model: ModelDelta, contents: readonly string[]): string {
  const factMeanings = facts.map((f) =>
    canonicalJson({
      rule: f.rule,
      id: f.id,
      kind: f.kind,
      categories: [...f.categories].sort(),
      scope: f.scope,
      address: f.address,
      statement: f.statement,
      before: f.before,
      after: f.after,
      reaches: [...(f.reaches ?? [])].sort(),
      deciding: f.deciding,
    }),
  );
  const modelMeanings = model.changes.map((c) =>
    canonicalJson({ op: c.op, element: c.element, key: c.key, meaning: c.meaning }),
  );
  return digestOf(
    `{"facts":[${factMeanings.sort().join(',')}],"model":[${modelMeanings.sort().join(',')}],"contents":${canonicalJson(contents)}}`,
  );
}
