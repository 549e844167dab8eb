import type { Classification } from './classify.ts';
import { canonicalJson } from './digest.ts';
import type { Change, Content } from './model/change.ts';
import type { Fact } from './model/fact.ts';
import type { Policy } from './model/policy.ts';
import type { AttributeChange, ResourceDelta } from './model/resource-delta.ts';
import type { Resource } from './model/resource.ts';
import type { Value } from './model/value.ts';
import { pathMatcher } from './paths.ts';
import { describeAttribute, isNoise } from './semantics/describe.ts';
import { imageRepository, parseImage } from './syntax/image.ts';
import { canonical } from './values/canonical.ts';
import { text } from './values/value.ts';

/** How far references are followed from a thing that a fact is about: a grant → its document → a local of it. */
const HOPS = 4;

/**
 * What lies behind the deciding facts, in full, for the delta digest only. A fact's sentence is short by nature ("and 7
 * more", "new role"): without this an approved new role could gain one more action, and keep its approval.
 * Noise (tags, versions, sizes) is left out, so that what does not matter does not end an approval.
 */
export function contentsOf(code: Classification, change: Change, policy: Policy): string[] {
  const deciding = code.facts.filter((f) => f.deciding);
  const byResource = new Map(code.deltas.map((d) => [keyOf(d.head ?? d.base), d]));
  const seen = new Set<string>();
  let front = [...new Set(deciding.map((f) => `${f.stack}\n${f.scope}\n${f.address}`))];
  for (let hop = 0; hop <= HOPS && front.length > 0; hop++) {
    for (const key of front) seen.add(key);
    front = [...new Set(front.flatMap((key) => mentioned(byResource.get(key), code)))].filter(
      (key) => !seen.has(key) && byResource.has(key),
    );
  }
  const resources = [...seen].flatMap((key) => {
    const delta = byResource.get(key);
    return delta ? [describeDelta(key, delta)] : [];
  });
  return [...resources, ...filesOf(deciding, change, policy)].sort();
}

const keyOf = (r: Resource | undefined): string =>
  `${r?.stack ?? ''}\n${r?.scope ?? ''}\n${r?.address ?? ''}`;

function mentioned(delta: ResourceDelta | undefined, code: Classification): string[] {
  const r = delta?.head ?? delta?.base;
  if (!r) return [];
  return r.references
    .filter((ref) => !isNoise(ref.path))
    .flatMap((ref) => {
      const found = code.graph.find(r.scope, ref.to);
      return found ? [keyOf(found)] : [];
    });
}

function describeDelta(key: string, delta: ResourceDelta): string {
  const r = delta.head ?? delta.base;
  const changes = delta.changes
    .filter((c) => describeAttribute(r?.stack ?? '', r?.type ?? '', c.path) !== 'noise')
    .map((c) => canonicalJson([c.op, c.path, meaningOf(c, c.before), meaningOf(c, c.after)]));
  return canonicalJson([key, delta.kind, changes.sort()]);
}

/** A value as far as it matters: of an image, where it comes from. */
function meaningOf(change: AttributeChange, value: Value | undefined): string {
  const written = text(value);
  if (written !== undefined && /(^|\.)image$/i.test(change.path)) return imageRepository(parseImage(written));
  return value ? canonical(value, 'effective') : '';
}

/** Facts that are about files as such hold for exactly these bytes. */
function filesOf(deciding: readonly Fact[], change: Change, policy: Policy): string[] {
  const rules = policy.pathRules.filter((rule) =>
    deciding.some((f) => f.kind === 'path-touched' && f.address.startsWith(`${rule.id} `)),
  );
  const named = pathMatcher(rules.flatMap((rule) => rule.paths));
  const governing = new Set(deciding.filter((f) => f.kind === 'policy-changed').map((f) => f.file));
  return change.files
    .filter((f) => named(f.path) || governing.has(f.path))
    .map((f) => canonicalJson([f.path, f.status, identityOf(f.base), identityOf(f.head)]));
}

function identityOf(content: Content | undefined): string {
  switch (content?.kind) {
    case 'text':
      return content.text;
    case 'unopened':
      return content.id;
    case 'unreadable':
      return content.reason;
    case undefined:
      return '';
  }
}
