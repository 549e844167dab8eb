import type { Resource } from '../model/resource.ts';
import { canonical } from '../values/canonical.ts';
import { bodyOf, likeness } from './identity.ts';

/** A thing that is at another address or in another place at head. */
export interface Move {
  readonly base: Resource;
  readonly head: Resource;
}

/** Least likeness of two bodies to be the same thing under another name. */
const RENAMED = 0.8;
/** Least likeness to be the same thing, same name, in another place. */
const RELOCATED = 0.6;
/** Beyond this many candidates of one type, only exact bodies and same names are tried: no quadratic gifts. */
const CANDIDATES = 150;

/**
 * Pairs what disappeared with what appeared: declared moves first (`moved` blocks), then the same name elsewhere, then
 * the same type with (nearly) the same body under another name. A refactoring is not a removal plus an addition.
 */
export function findMoves(
  removed: readonly Resource[],
  added: readonly Resource[],
  kept: readonly Move[],
): Move[] {
  const left = new Set(removed);
  const right = new Set(added);
  const moves: Move[] = [];
  const take = (base: Resource, head: Resource): void => {
    left.delete(base);
    right.delete(head);
    moves.push({ base, head });
  };
  for (const head of added) {
    const base = removed.find(
      (r) => left.has(r) && r.scope === head.scope && (head.movedFrom ?? []).includes(r.address),
    );
    if (base) take(base, head);
  }
  for (const [heads, bases] of byType(right, left)) pairType(heads, bases, take);
  pairByUse(left, right, kept, take);
  return moves;
}

/**
 * A thing is known by its users too: when everything that mentioned one at base mentions the other at head, and nothing
 * else about those users changed, the other took its place. What differs between the two is compared like any change.
 */
function pairByUse(
  left: ReadonlySet<Resource>,
  right: ReadonlySet<Resource>,
  kept: readonly Move[],
  take: (base: Resource, head: Resource) => void,
): void {
  for (const head of right) {
    const candidates = [...left].filter(
      (b) => b.stack === head.stack && b.type === head.type && b.scope === head.scope && !isNamed(b),
    );
    const base =
      candidates.length <= CANDIDATES ? candidates.find((b) => tookPlace(b, head, kept)) : undefined;
    if (base) take(base, head);
  }
}

function tookPlace(base: Resource, head: Resource, kept: readonly Move[]): boolean {
  const users = kept.filter(
    (k) => k.base.scope === base.scope && k.base.references.some((r) => r.to === base.address),
  );
  return (
    users.length > 0 &&
    users.every(
      (u) =>
        canonical(u.base.values, 'written').replaceAll(base.address, head.address) ===
        canonical(u.head.values, 'written'),
    )
  );
}

function byType(right: ReadonlySet<Resource>, left: ReadonlySet<Resource>): [Resource[], Resource[]][] {
  const groups = new Map<string, [Resource[], Resource[]]>();
  const group = (r: Resource): [Resource[], Resource[]] => {
    const key = `${r.stack}\n${r.type}`;
    const found = groups.get(key) ?? [[], []];
    groups.set(key, found);
    return found;
  };
  for (const r of right) group(r)[0].push(r);
  for (const r of left) group(r)[1].push(r);
  return [...groups.values()].filter(([h, b]) => h.length > 0 && b.length > 0);
}

function pairType(
  heads: readonly Resource[],
  bases: readonly Resource[],
  take: (base: Resource, head: Resource) => void,
): void {
  const bodies = new Map([...heads, ...bases].map((r) => [r, bodyOf(r)]));
  const body = (r: Resource): ReturnType<typeof bodyOf> => bodies.get(r) ?? bodyOf(r);
  const small = heads.length <= CANDIDATES && bases.length <= CANDIDATES;
  const candidates = heads.flatMap((head) =>
    bases
      .filter((base) => small || base.name === head.name || body(base).text === body(head).text)
      .map((base) => ({ base, head, score: scoreOf(base, head, body) })),
  );
  candidates.sort((x, y) => y.score - x.score);
  const taken = new Set<Resource>();
  for (const { base, head, score } of candidates) {
    if (score <= 0 || taken.has(base) || taken.has(head)) continue;
    taken.add(base).add(head);
    take(base, head);
  }
}

/** Where the name is the meaning: another event, package or provider is another thing, however alike its settings are. */
const NAME_IS_MEANING: ReadonlySet<string> = new Set([
  'workflow-trigger',
  'tfvar',
  'provider',
  'required_provider',
  'backend',
]);
const isNamed = (r: Resource): boolean => NAME_IS_MEANING.has(r.type) || r.stack === 'packages';

function scoreOf(base: Resource, head: Resource, body: (r: Resource) => ReturnType<typeof bodyOf>): number {
  const x = body(base);
  const y = body(head);
  // An (almost) empty body says nothing: two empty resources of other names are two things.
  const tiny = x.words.size < 3 || y.words.size < 3;
  const alike = x.text === y.text ? 1 : likeness(x.words, y.words);
  if (base.name === head.name) return alike >= RELOCATED || tiny ? 2 + alike : 0;
  return !tiny && !isNamed(head) && alike >= RENAMED ? alike : 0;
}
