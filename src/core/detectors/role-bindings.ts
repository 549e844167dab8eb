import { categoriesOf, marksOf, signalsOf, type Mark } from '../access/assessment.ts';
import { bindingsOf, grantTable, isBinding } from '../access/bindings.ts';
import { compareStatements, isOnlyRewired, type Comparison, type Grant } from '../access/compare.ts';
import { isKubernetesRbac } from '../access/kubernetes-rbac.ts';
import { listNames, showGrants, showPower, showPrincipal } from '../access/phrase.ts';
import { powersOf } from '../access/powers.ts';
import { renameOf } from '../access/rename.ts';
import { nameOf } from '../access/names.ts';
import { keyOfRole, rolesIn, type NamedRole } from '../access/role-names.ts';
import { NOTHING, renameStatement, terms, type Statement } from '../access/statement.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { resolve } from '../values/value.ts';
import type { Detector, Rule } from './detector.ts';

const rules: readonly Rule[] = [
  {
    id: 'role-bindings/granted',
    title: 'Somebody was given a role or permission',
    why: 'A grant is how one part of the system comes to act on another; the model should show who, what and on which thing.',
    categories: ['identity-access'],
  },
  {
    id: 'role-bindings/withdrawn',
    title: 'A role or permission was taken back',
    why: 'What relied on the grant stops working, and the model should no longer show it.',
    categories: ['identity-access'],
  },
  {
    id: 'role-bindings/changed',
    title: 'A grant is now another one',
    why: 'Another role, party, place or condition is another decision about who may do what.',
    categories: ['identity-access'],
  },
  {
    id: 'role-bindings/public-principal',
    title: 'Everybody was given a role or permission',
    why: 'A grant to everybody, or to everybody with any account, puts the thing on the internet.',
    categories: ['identity-access', 'exposure', 'trust-boundary'],
  },
  {
    id: 'role-bindings/cross-account',
    title: 'Another account or an outside issuer was given a role or permission',
    why: 'The grant crosses a trust boundary: who controls the other side decides how safe it is.',
    categories: ['identity-access', 'trust-boundary'],
  },
];

/** Roles and permissions given by resources of their own: cloud role bindings, Kubernetes RBAC, attachments, invoke rights. */
export const detector: Detector = {
  id: 'role-bindings',
  title: 'Role bindings',
  rules,
  detect(evidence) {
    const rename = renameOf(evidence.deltas);
    return evidence.deltas.flatMap((delta) => {
      if (delta.kind === 'removed') return [];
      const own = delta.kind === 'added' ? inNew(delta) : inChanged(delta, rename);
      if (own.length > 0) return own;
      return isBinding(subject(delta).type) ? inRepetition(delta) : inSettings(delta);
    });
  },
};

/** A new binding is a grant; of a new role or store only what stands out among the grants inside it. */
function inNew(delta: ResourceDelta): readonly Fact[] {
  const { head } = delta;
  if (!head) return [];
  const all = bindingsOf(head);
  const told = isBinding(head.type)
    ? all
    : all.filter((s) => marksOf([s]).length > 0 || powersOf(s).some((p) => p.notable));
  if (told.length === 0) return [];
  const gained = told.map((s) => ({ ...s, differs: 'grant' as const }));
  return [factOf(delta, { gained, lost: [], direction: 'widened' })];
}

function inChanged(delta: ResourceDelta, rename: (text: string) => string): readonly Fact[] {
  const { base, head } = delta;
  if (!base || !head || delta.changes.length === 0) return [];
  const before = bindingsOf(base).map((s) => renameStatement(s, rename));
  const after = bindingsOf(head);
  const compared = compareStatements(before, after);
  return compared.direction === 'none' ? [] : [factOf(delta, compared, !isOnlyRewired(before, after))];
}

/** A binding that is repeated for a list: one more in the list is one grant more. */
function inRepetition(delta: ResourceDelta): readonly Fact[] {
  if (delta.kind === 'added') return [];
  const changes = delta.changes.filter(
    (c) => /^for_each(?:\.|$)/.test(c.path) && !isUnknown(c.before) && !isUnknown(c.after),
  );
  const grants = (side: 'before' | 'after'): readonly Grant[] =>
    changes.flatMap((c) => (c[side] ? repetition(delta, c.path, c[side]) : []));
  const [gained, lost] = [grants('after'), grants('before')];
  if (gained.length + lost.length === 0) return [];
  return [factOf(delta, { gained, lost, direction: directionOf(gained, lost) })];
}

/** A list that only the language's runtime knows says nothing about its members. */
const isUnknown = (value: Value | undefined): boolean =>
  value?.kind === 'expression' && resolve(value).kind === 'expression';

function repetition(delta: ResourceDelta, path: string, value: Value): readonly Grant[] {
  const key = path.slice('for_each.'.length);
  const said = [key, nameOf(value) ?? ''].filter((t) => t !== '').join(': ');
  if (said === '') return [];
  const system = bindingsOf(subject(delta))[0]?.system ?? 'other';
  return [{ ...NO_GRANT, system, actions: terms([said]), line: value.line }];
}

const directionOf = (gained: readonly Grant[], lost: readonly Grant[]): Comparison['direction'] =>
  lost.length === 0 ? 'widened' : gained.length === 0 ? 'narrowed' : 'changed';

/** Roles that variables, locals, module arguments and the like hand on: what they are given to is decided elsewhere. */
function inSettings(delta: ResourceDelta): readonly Fact[] {
  const { type, stack } = subject(delta);
  if (
    stack === 'github-actions' ||
    grantTable(type) ||
    isKubernetesRbac(type) ||
    type === 'output' ||
    (delta.kind === 'added' && type !== 'tfvar')
  )
    return [];
  const changes = delta.changes.filter((c) => !c.indirect && !/(?:^|\.)description$/i.test(c.path));
  const before = changes.flatMap((c) => rolesIn(c, 'before'));
  const after = changes.flatMap((c) => rolesIn(c, 'after'));
  const had = new Set(before.map(keyOfRole));
  const has = new Set(after.map(keyOfRole));
  const gained = after.filter((r) => !had.has(keyOfRole(r))).map(asGrant);
  const lost = before.filter((r) => !has.has(keyOfRole(r))).map(asGrant);
  if (gained.length + lost.length === 0) return [];
  return [
    factOf(delta, {
      gained,
      lost,
      direction: directionOf(gained, lost),
    }),
  ];
}

const NO_GRANT: Grant = {
  system: 'other',
  effect: 'allow',
  principals: NOTHING,
  actions: NOTHING,
  resources: NOTHING,
  conditions: [],
  line: 1,
  differs: 'grant',
};

function asGrant(r: NamedRole): Grant {
  const principals = terms(r.holder === undefined ? [] : [r.holder]);
  return { ...NO_GRANT, system: r.system, principals, actions: terms([r.role]), line: r.line };
}

const RULE_OF = { widened: 'granted', narrowed: 'withdrawn', changed: 'changed', none: 'changed' } as const;

function factOf(delta: ResourceDelta, compared: Comparison, deciding = true): Fact {
  const marks = marksOf(compared.gained);
  const telling = marks.find((m) => m === 'public-principal' || m === 'cross-account');
  const [shown, side] =
    compared.gained.length > 0 ? ([compared.gained, 'head'] as const) : ([compared.lost, 'base'] as const);
  return makeDeltaFact(delta, {
    rule: `role-bindings/${telling ?? RULE_OF[compared.direction]}`,
    kind: 'permission-changed',
    categories: categoriesFor(delta, marks),
    signals: signalsOf(compared, marks),
    side,
    line: shown[0]?.line,
    statement: sayBinding(delta, compared),
    ...(compared.lost.length > 0 ? { before: showGrants(compared.lost) } : {}),
    ...(compared.gained.length > 0 ? { after: showGrants(compared.gained) } : {}),
    deciding,
  });
}

function categoriesFor(delta: ResourceDelta, marks: readonly Mark[]): readonly Category[] {
  const more: readonly Category[] = grantTable(subject(delta).type)?.trust ? ['trust-boundary'] : [];
  return [...categoriesOf(marks), ...more];
}

function sayBinding(delta: ResourceDelta, c: Comparison): string {
  const parts = [
    c.gained.length > 0 && `gives ${showAll(c.gained)}${showPower(c.gained)}`,
    c.lost.length > 0 && `${c.gained.length > 0 ? 'instead of' : 'no longer gives'} ${showAll(c.lost)}`,
  ];
  return `\`${subject(delta).address}\` ${parts.filter(Boolean).join(' ')}`;
}

/** "roles/viewer to user:x": short where one role goes to one party. */
function showAll(grants: readonly Statement[]): string {
  const only = grants.length === 1 ? grants[0] : undefined;
  if (!only || only.principals.patterns.length === 0) return showGrants(grants);
  const to = listNames(only.principals.patterns.map(showPrincipal));
  return `${showGrants([{ ...only, principals: { except: false, patterns: [] } }])} to ${to}`;
}
