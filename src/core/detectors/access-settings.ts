import { grantTable } from '../access/bindings.ts';
import { policyDocuments } from '../access/aws-policy.ts';
import { isKubernetesRbac } from '../access/kubernetes-rbac.ts';
import { nameOf } from '../access/names.ts';
import { secretsGiven } from '../access/secret-consumers.ts';
import { isSecretName, shapeOf } from '../access/secret-shapes.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact, Signal } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { compareReading, type Direction } from '../semantics/compare.ts';
import { describeAttribute } from '../semantics/describe.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { show } from '../values/value.ts';
import type { Detector } from './detector.ts';

/** Settings of known types that are about access, secrets or outside parties and are neither a policy nor a binding. */
export const detector: Detector = {
  id: 'access-settings',
  title: 'Access settings',
  rules: [
    {
      id: 'access-settings/access-changed',
      title: 'A setting that decides who may do what changed',
      why: 'Lists of allowed accounts, groups or principals and switches for access are grants under another name.',
      categories: ['identity-access'],
    },
    {
      id: 'access-settings/secret-changed',
      title: 'How a secret is kept or handed over changed',
      why: 'Where a secret lives and who manages it decides how it can leak and whether it can be replaced.',
      categories: ['secrets-crypto'],
    },
    {
      id: 'access-settings/external-changed',
      title: 'A setting that names an outside party changed',
      why: 'Another party, or another place of it, may receive other data.',
      categories: ['external-dependency', 'data-flow'],
    },
  ],
  detect: ({ deltas }) =>
    deltas.flatMap((d) => (d.kind === 'changed' || d.kind === 'moved' ? inChanged(d) : [])),
};

interface Subject {
  readonly rule: string;
  readonly categories: readonly Category[];
  readonly gained: readonly Signal[];
  readonly lost: readonly Signal[];
}

const ABOUT: ReadonlyMap<string, Subject> = new Map([
  [
    'access',
    {
      rule: 'access-settings/access-changed',
      categories: ['identity-access'],
      gained: ['permission-widened'],
      lost: ['permission-narrowed'],
    },
  ],
  [
    'secret',
    {
      rule: 'access-settings/secret-changed',
      categories: ['secrets-crypto'],
      gained: ['secret-added'],
      lost: ['secret-added'],
    },
  ],
  [
    'external',
    {
      rule: 'access-settings/external-changed',
      categories: ['external-dependency', 'data-flow'],
      gained: ['external-host-added'],
      lost: ['network-path-removed'],
    },
  ],
]);

/** Variables and the like hand values on; they are judged by their names elsewhere. */
const HANDS_ON = new Set([
  'variable',
  'tfvar',
  'local',
  'output',
  'parameter',
  'mapping',
  'condition',
  'module',
]);

function inChanged(delta: ResourceDelta): readonly Fact[] {
  const { type, stack } = subject(delta);
  if (stack === 'github-actions' || HANDS_ON.has(type) || grantTable(type) || isKubernetesRbac(type))
    return [];
  const documents = [delta.base, delta.head].flatMap((r) => (r ? policyDocuments(r).map((d) => d.path) : []));
  if (documents.includes('')) return [];
  const open = delta.changes.filter((c) => !c.indirect && !isToldElsewhere(c, documents));
  return [...Map.groupBy(open, (c) => c.path)].flatMap(([path, changes]) => {
    const about = describeAttribute(stack, type, path);
    const meaning = about && about !== 'noise' ? ABOUT.get(about.aspect) : undefined;
    return about && about !== 'noise' && meaning ? factOf(delta, path, changes, about, meaning) : [];
  });
}

/** Statements of policies and secrets that are handed over have facts of their own. */
function isToldElsewhere(c: AttributeChange, documents: readonly string[]): boolean {
  const handed = /secret_?(?:key_?)?ref(?:\.|$)/i.test(c.path);
  const given = handed || secretsGiven(c, 'after').length + secretsGiven(c, 'before').length > 0;
  return (
    given ||
    documents.some((d) => c.path === d || c.path.startsWith(`${d}.`)) ||
    /^permissions_?boundary$/i.test(c.path)
  );
}

function factOf(
  delta: ResourceDelta,
  path: string,
  changes: readonly AttributeChange[],
  about: AttributeSemantics,
  meaning: Subject,
): readonly Fact[] {
  const direction = directionOf(changes, about);
  const [came, went] = [namesOf(changes, 'after'), namesOf(changes, 'before')];
  const gained = came.filter((n) => !went.includes(n));
  const lost = went.filter((n) => !came.includes(n));
  const first = changes.find((c) => (gained.length > 0 ? c.after : c.before) !== undefined);
  if (direction === 'none' || gained.length + lost.length === 0 || !first) return [];
  const [now, then] = [cut(path, gained), cut(path, lost)];
  const said = [now && `is now ${now}`, then && `${now ? 'instead of' : 'is no longer'} ${then}`];
  return [
    makeDeltaFact(delta, {
      rule: meaning.rule,
      kind: about.aspect === 'access' ? 'permission-changed' : 'setting-changed',
      categories: about.categories ?? meaning.categories,
      signals: about.signals ?? [
        ...(direction === 'narrowed' ? [] : meaning.gained),
        ...(direction === 'widened' ? [] : meaning.lost),
      ],
      change: first,
      statement: `${path} of \`${subject(delta).address}\` ${said.filter(Boolean).join(' ')}`,
      ...(then ? { before: then } : {}),
      ...(now ? { after: now } : {}),
      deciding:
        about.decides !== false &&
        !about.guessed &&
        changes.some((c) => isConcrete(c.before) || isConcrete(c.after)),
      detail: path,
    }),
  ];
}

/** Which way an attribute went, over all places of the resource where it stands. */
function directionOf(changes: readonly AttributeChange[], about: AttributeSemantics): Direction {
  const places = Map.groupBy(changes, (c) => c.afterParent ?? c.beforeParent);
  const ways = new Set([...places.values()].map((group) => compareReading(about, group).direction));
  ways.delete('none');
  const [only] = ways;
  return ways.size > 1 ? 'changed' : (only ?? 'none');
}

function namesOf(changes: readonly AttributeChange[], side: 'before' | 'after'): readonly string[] {
  return changes.flatMap((c) => (c[side] ? [nameOf(c[side]) ?? show(c[side])] : []));
}

/** Names for people; what is secret by its key or its shape is not shown. */
function cut(path: string, names: readonly string[]): string {
  const hidden = isSecretName(path.slice(path.lastIndexOf('.') + 1));
  const isLiteral = (n: string): boolean => n !== '' && !n.includes('${') && !/^(?:true|false)$/.test(n);
  const safe = names.map((n) => (isLiteral(n) && (hidden || shapeOf(n)) ? '[hidden]' : n.slice(0, 80)));
  return `${safe.slice(0, 4).join(', ')}${safe.length > 4 ? ` and ${safe.length - 4} more` : ''}`;
}

/** Passing a value through another variable does not say that it is another value. */
function isConcrete(value: Value | undefined): boolean {
  if (!value) return false;
  if (value.kind !== 'expression' || value.resolved) return true;
  return !value.references.every((r) => /^(?:var|local|each|count|self)\b/.test(r));
}
