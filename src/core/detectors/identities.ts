import { IDENTITIES } from '../access/data.generated.ts';
import { nameOf, valuesAt } from '../access/names.ts';
import { typeMatcher } from '../access/type-match.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Fact } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { compareReading } from '../semantics/compare.ts';
import { describeAttribute } from '../semantics/describe.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { show } from '../values/value.ts';
import type { Detector, Rule } from './detector.ts';

const rules: readonly Rule[] = [
  {
    id: 'identities/changed',
    title: 'A workload runs as somebody else',
    why: 'With another role or service account it can do other things; the flows it takes part in have another caller.',
    categories: ['identity-access'],
  },
  {
    id: 'identities/boundary-changed',
    title: 'A permissions boundary changed',
    why: 'The boundary is what limits every grant below it; without it the grants are the limit.',
    categories: ['identity-access'],
  },
  {
    id: 'identities/static-key',
    title: 'A long-lived key is created',
    why: 'A key that somebody can carry away works from anywhere until it is withdrawn.',
    categories: ['identity-access', 'secrets-crypto'],
  },
  {
    id: 'identities/federation-added',
    title: 'An outside issuer is trusted',
    why: 'Whoever can obtain a matching token from the issuer becomes one of ours.',
    categories: ['identity-access', 'trust-boundary'],
  },
  {
    id: 'identities/federation-changed',
    title: 'What is believed of an outside issuer changed',
    why: 'Issuer, audience and conditions decide whose tokens are accepted.',
    categories: ['identity-access', 'trust-boundary'],
  },
];

/** As whom things run, keys that can be carried away, and issuers that are believed. */
export const detector: Detector = {
  id: 'identities',
  title: 'Identities',
  rules,
  detect: ({ deltas }) => deltas.flatMap((d) => [...staticKeys(d), ...federation(d), ...workloads(d)]),
};

const keyTable = typeMatcher(IDENTITIES.staticKeys);
const federationTable = typeMatcher(IDENTITIES.federation);

function staticKeys(delta: ResourceDelta): readonly Fact[] {
  const table = delta.head && delta.kind === 'added' ? keyTable(delta.head.type) : undefined;
  if (!table || !delta.head) return [];
  const holder = table.of.flatMap((p) => valuesAt(delta.head?.values, p).flatMap((v) => nameOf(v) ?? []))[0];
  return [
    makeDeltaFact(delta, {
      rule: 'identities/static-key',
      kind: 'permission-changed',
      categories: ['identity-access', 'secrets-crypto'],
      signals: ['static-key-created', 'secret-added'],
      statement: `\`${delta.head.address}\` creates a long-lived ${table.what}${holder === undefined ? '' : ` for ${holder}`}`,
      deciding: true,
    }),
  ];
}

function federation(delta: ResourceDelta): readonly Fact[] {
  const { type, address } = subject(delta);
  const table = delta.kind === 'removed' || address.startsWith('data.') ? undefined : federationTable(type);
  if (!table) return [];
  const issuer = table.issuer.flatMap((p) =>
    valuesAt(delta.head?.values, p).flatMap((v) => nameOf(v) ?? []),
  )[0];
  if (delta.kind === 'added')
    return [
      makeDeltaFact(delta, {
        rule: 'identities/federation-added',
        kind: 'permission-changed',
        categories: ['identity-access', 'trust-boundary'],
        signals: ['trust-widened', 'principal-added'],
        statement: `\`${address}\` is a new ${table.what}${issuer === undefined ? '' : ` for ${issuer.slice(0, 120)}`}`,
        deciding: true,
      }),
    ];
  const touched = delta.changes.filter((c) =>
    table.trust.some((p) => c.path === p || c.path.startsWith(`${p}.`)),
  );
  const first = touched[0];
  return first
    ? [
        makeDeltaFact(delta, {
          rule: 'identities/federation-changed',
          kind: 'permission-changed',
          categories: ['identity-access', 'trust-boundary'],
          signals: ['trust-widened'],
          change: first,
          statement: `The ${table.what} \`${address}\` believes something else: ${[...new Set(touched.map((c) => c.path))].sort().slice(0, 6).join(', ')} changed`,
          before: show(first.before),
          after: show(first.after),
          deciding: true,
        }),
      ]
    : [];
}

/** Variables and the like hand an identity on; they are judged by their names elsewhere. */
const HANDS_ON = new Set(['variable', 'tfvar', 'local', 'output', 'parameter', 'mapping', 'condition']);

const BOUNDARY = /(?:^|\.)(?:permissions_boundary|PermissionsBoundary)(?:\.|$)/;

function workloads(delta: ResourceDelta): readonly Fact[] {
  if (delta.kind === 'added' || delta.kind === 'removed') return [];
  const { stack, type } = subject(delta);
  if (HANDS_ON.has(type) || stack === 'github-actions') return [];
  const byPath = Map.groupBy(
    delta.changes.filter((c) => !isSpelling(c)),
    (c) => c.path,
  );
  return [...byPath].flatMap(([path, changes]) => {
    const change = together(changes);
    if (!change) return [];
    if (BOUNDARY.test(path)) return [boundaryFact(delta, change)];
    const about = describeAttribute(stack, type, path);
    return about && about !== 'noise' && about.aspect === 'identity'
      ? identityFact(delta, change, about)
      : [];
  });
}

/** In a list one identity goes and another comes: told as one change. */
function together(changes: readonly AttributeChange[]): AttributeChange | undefined {
  const came = changes.find((c) => c.after);
  const went = changes.find((c) => c.before);
  if (!came || !went || came === went) return came ?? went;
  return { ...came, op: 'changed', ...(went.before ? { before: went.before } : {}) };
}

/** `aws_iam_role.x[0].arn` for `aws_iam_role.x.arn`: the same identity. */
const isSpelling = (c: AttributeChange): boolean =>
  c.before !== undefined && c.after !== undefined && nameOf(c.before) === nameOf(c.after);

function boundaryFact(delta: ResourceDelta, change: AttributeChange): Fact {
  const gone = change.after === undefined;
  return makeDeltaFact(delta, {
    rule: 'identities/boundary-changed',
    kind: 'permission-changed',
    categories: ['identity-access'],
    signals: gone
      ? ['guardrail-loosened', 'permission-widened']
      : change.before
        ? ['guardrail-loosened']
        : ['permission-narrowed'],
    change,
    statement: `The permissions boundary of \`${subject(delta).address}\` ${gone ? 'is removed' : change.before ? `is now ${shown(change.after)}` : `is set to ${shown(change.after)}`}`,
    ...(change.before ? { before: shown(change.before) } : {}),
    ...(change.after ? { after: shown(change.after) } : {}),
    deciding: true,
    detail: 'boundary',
  });
}

function identityFact(
  delta: ResourceDelta,
  change: AttributeChange,
  about: AttributeSemantics,
): readonly Fact[] {
  const { direction } = compareReading(about, [change]);
  if (direction === 'none') return [];
  return [
    makeDeltaFact(delta, {
      rule: 'identities/changed',
      kind: 'permission-changed',
      categories: about.categories ?? ['identity-access'],
      signals: about.signals ?? ['identity-changed'],
      change,
      statement: sayIdentity(delta, change, about),
      ...(change.before ? { before: shown(change.before) } : {}),
      ...(change.after ? { after: shown(change.after) } : {}),
      deciding: about.decides !== false && isConcrete(change),
      detail: change.path,
    }),
  ];
}

/** A name is somebody to run as; a switch is only on or off. */
function sayIdentity(delta: ResourceDelta, change: AttributeChange, about: AttributeSemantics): string {
  const { address } = subject(delta);
  const [was, is] = [change.before && shown(change.before), change.after && shown(change.after)];
  const switched = /when-true|levels/.test(about.reading);
  if (switched)
    return `${change.path} of \`${address}\` is ${is ?? 'no longer written'} instead of ${was ?? 'not written'}`;
  if (is === undefined) return `\`${address}\` no longer runs as ${was ?? 'anybody'} (${change.path})`;
  return `\`${address}\` now runs as ${is}${was === undefined ? '' : ` instead of ${was}`} (${change.path})`;
}

const shown = (value: Value | undefined): string =>
  (value ? (nameOf(value) ?? show(value)) : 'nobody in particular').slice(0, 120);

/** Passing the identity through another variable says nothing about who it is; naming a thing or a value does. */
function isConcrete(change: AttributeChange): boolean {
  const passed = (v: Value | undefined): boolean =>
    v?.kind === 'expression' &&
    !v.resolved &&
    v.references.length > 0 &&
    v.references.every((r) => /^(?:var|local|each|count|Parameters)\b/.test(r));
  return !(passed(change.before) && passed(change.after));
}
