import { categoriesOf, marksOf, partition, signalsOf, withMark, type Mark } from '../access/assessment.ts';
import { policyDocuments, type Elsewhere } from '../access/aws-policy.ts';
import { compareStatements, isOnlyRewired, type Comparison } from '../access/compare.ts';
import { pairDocuments, type DocumentPair } from '../access/documents.ts';
import { sayPermissions, showGrants, showPower, showTrustees } from '../access/phrase.ts';
import { isTrust } from '../access/powers.ts';
import { renameOf } from '../access/rename.ts';
import type { Statement } from '../access/statement.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Detector, Evidence, Rule } from './detector.ts';

const rule = (name: string, title: string, why: string, ...more: Rule['categories']): Rule => ({
  id: `access-policies/${name}`,
  title,
  why,
  categories: ['identity-access', ...more],
});

const rules: readonly Rule[] = [
  rule(
    'widened',
    'A policy allows more',
    'Whoever holds the policy can do something new; the model should say that this is meant and what limits it.',
  ),
  rule(
    'narrowed',
    'A policy allows less',
    'A control got stronger, or something that relied on the permission stops working; either way the model should follow.',
  ),
  rule(
    'changed',
    'A policy allows something else',
    'What was allowed went and something else came, or the policy now comes from a place that cannot be read here.',
  ),
  rule(
    'public-principal',
    'A policy admits anyone',
    'A principal that is everybody, without a condition that confines it, puts the resource on the internet.',
    'exposure',
    'trust-boundary',
  ),
  rule(
    'cross-account',
    'A policy admits another account or an outside issuer',
    'The other side of a trust boundary gets in; who controls that account or issuer decides how safe this is.',
    'trust-boundary',
  ),
  rule(
    'wildcard',
    'A policy allows everything of a service, or everything',
    'A wildcard on all resources also grants what does not exist yet.',
  ),
  rule(
    'powerful',
    'A new policy gives a strong power',
    'Passing roles, changing permissions or running code elsewhere lets the holder become somebody stronger.',
  ),
  rule(
    'trust-widened',
    'More parties may assume a role',
    'Everyone who can assume the role has all of its permissions.',
    'trust-boundary',
  ),
  rule(
    'trust-narrowed',
    'Fewer parties may assume a role',
    'A way into the role was closed; the model should no longer show it.',
    'trust-boundary',
  ),
];

/** Statement-level differences of AWS policy documents, wherever they are written. */
export const detector: Detector = {
  id: 'access-policies',
  title: 'Access policies',
  rules,
  detect(evidence) {
    const rename = renameOf(evidence.deltas);
    return evidence.deltas.flatMap((delta) => {
      if (delta.kind === 'added') return inNew(delta);
      return delta.kind === 'removed' ? [] : inChanged(delta, evidence, rename);
    });
  },
};

function inChanged(
  delta: ResourceDelta,
  evidence: Evidence,
  rename: (text: string) => string,
): readonly Fact[] {
  const { base, head } = delta;
  if (!base || !head || delta.changes.length === 0) return [];
  const pairs = pairDocuments(
    { resource: base, graph: evidence.base },
    { resource: head, graph: evidence.head },
    rename,
  );
  return pairs.filter((p) => isTouched(p.path, delta)).flatMap((pair) => differences(delta, pair));
}

/** Only documents that the comparison of attributes found different: a mention that was renamed is none. */
function isTouched(path: string, delta: ResourceDelta): boolean {
  return (
    path === '' ||
    delta.changes.some(
      (c) => c.path === path || c.path.startsWith(`${path}.`) || path.startsWith(`${c.path}.`),
    )
  );
}

function differences(delta: ResourceDelta, pair: DocumentPair): readonly Fact[] {
  const compared = compareStatements(pair.base, pair.head);
  const { trust, permissions } = partition(compared);
  const facts = [
    ...(trust.direction === 'none' ? [] : [trustFact(delta, pair.path, trust)]),
    ...(permissions.direction === 'none'
      ? []
      : [permissionFact(delta, pair.path, permissions, !isOnlyRewired(pair.base, pair.head))]),
  ];
  if (facts.length > 0) return facts;
  return pair.unread.some((side) => side.length > 0) ? [unreadFact(delta, pair)] : [];
}

/** The rule that says most about a difference. */
function ruleFor(compared: Comparison, marks: readonly Mark[]): string {
  const telling = marks.find((m) => m !== 'power');
  return `access-policies/${telling ?? compared.direction}`;
}

function permissionFact(delta: ResourceDelta, path: string, compared: Comparison, deciding: boolean): Fact {
  const marks = marksOf(compared.gained);
  return makeDeltaFact(delta, {
    rule: ruleFor(compared, marks),
    kind: 'permission-changed',
    categories: categoriesOf(marks),
    signals: signalsOf(compared, marks),
    ...evidenceOf(compared),
    statement: `\`${subject(delta).address}\` ${sayPermissions(compared.gained, compared.lost)}`,
    ...valuesOf(compared, showGrants),
    deciding,
    detail: path,
  });
}

function trustFact(delta: ResourceDelta, path: string, compared: Comparison): Fact {
  const marks = marksOf(compared.gained);
  const name =
    marks.find((m) => m === 'public-principal' || m === 'cross-account') ??
    (compared.direction === 'narrowed' ? 'trust-narrowed' : 'trust-widened');
  const gained = showTrustees(compared.gained);
  const lost = showTrustees(compared.lost);
  return makeDeltaFact(delta, {
    rule: `access-policies/${name}`,
    kind: 'permission-changed',
    categories: [...categoriesOf(marks), 'trust-boundary'],
    signals: signalsOf(compared, marks),
    ...evidenceOf(compared),
    statement: `\`${subject(delta).address}\` ${[gained && `may now be assumed by ${gained}`, lost && `may no longer be assumed by ${lost}`].filter(Boolean).join('; ')}`,
    ...valuesOf(compared, showTrustees),
    deciding: true,
    detail: `${path}|trust`,
  });
}

function valuesOf(
  c: Comparison,
  show: (grants: Comparison['gained']) => string,
): { before?: string; after?: string } {
  return {
    ...(c.lost.length > 0 ? { before: show(c.lost) } : {}),
    ...(c.gained.length > 0 ? { after: show(c.gained) } : {}),
  };
}

function evidenceOf(c: Comparison): { side: 'base' | 'head'; line: number } {
  const [list, side] = c.gained.length > 0 ? ([c.gained, 'head'] as const) : ([c.lost, 'base'] as const);
  return { side, line: list.reduce((least, g) => Math.min(least, g.line), list[0]?.line ?? 1) };
}

function unreadFact(delta: ResourceDelta, pair: DocumentPair): Fact {
  const [before, after] = pair.unread;
  const names = (list: readonly Elsewhere[]): string =>
    [...new Set(list.map((e) => e.text.slice(0, 120)))].sort().join(', ');
  const now = after[0];
  const said = [
    after.length > 0 && `is now taken from ${names(after)}`,
    before.length > 0 && `is no longer taken from ${names(before)}`,
  ];
  return makeDeltaFact(delta, {
    rule: 'access-policies/changed',
    kind: 'permission-changed',
    categories: ['identity-access'],
    signals: ['permission-widened', 'permission-narrowed'],
    side: now ? 'head' : 'base',
    line: (now ?? before[0])?.line,
    statement: `The policy of \`${subject(delta).address}\` ${said.filter(Boolean).join(' and ')}, which cannot be read here`,
    ...(before.length > 0 ? { before: names(before) } : {}),
    ...(after.length > 0 ? { after: names(after) } : {}),
    deciding: true,
    detail: pair.path,
  });
}

const NOTABLE: readonly (readonly [Mark, string])[] = [
  ['public-principal', 'access-policies/public-principal'],
  ['cross-account', 'access-policies/cross-account'],
  ['wildcard', 'access-policies/wildcard'],
  ['power', 'access-policies/powerful'],
];

/** A new policy is told by its resource; here only what stands out in it, and each statement once. */
function inNew(delta: ResourceDelta): readonly Fact[] {
  const { head } = delta;
  if (!head) return [];
  const said = new Set<Statement>();
  const statements = policyDocuments(head).flatMap((d) => d.statements);
  return NOTABLE.flatMap(([mark, id]) => {
    const grants = withMark(statements, mark).filter((s) => !said.has(s));
    grants.forEach((s) => said.add(s));
    return grants.length > 0 ? [newFact(delta, id, grants)] : [];
  });
}

function newFact(delta: ResourceDelta, id: string, grants: readonly Statement[]): Fact {
  const marks = marksOf(grants);
  const trust = grants.every(isTrust);
  const gained = grants.map((s) => ({ ...s, differs: 'grant' as const }));
  const said = trust
    ? `may be assumed by ${showTrustees(grants)}`
    : `allows ${showGrants(grants)}${showPower(grants)}`;
  return makeDeltaFact(delta, {
    rule: id,
    kind: 'permission-changed',
    categories: categoriesOf(marks),
    signals: signalsOf({ gained, lost: [], direction: 'widened' }, marks),
    side: 'head',
    line: Math.min(...grants.map((g) => g.line)),
    statement: `New \`${subject(delta).address}\` ${said}`,
    after: trust ? showTrustees(grants) : showGrants(grants),
    deciding: true,
  });
}
