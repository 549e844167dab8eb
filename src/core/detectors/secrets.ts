import { settingName } from '../access/names.ts';
import { secretsGiven, type SecretGiven } from '../access/secret-consumers.ts';
import { secretLook, shapeOf, type SecretLook } from '../access/secret-shapes.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Fact } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import { truth } from '../values/value.ts';
import type { Detector, Rule } from './detector.ts';

const rules: readonly Rule[] = [
  {
    id: 'secrets/literal-added',
    title: 'A secret is written in code',
    why: 'Whoever reads the repository, now or in its history, has the secret. It has to be replaced and kept in a store.',
    categories: ['secrets-crypto'],
  },
  {
    id: 'secrets/literal-removed',
    title: 'A secret is no longer written in code',
    why: 'The secret moved to a store or went away; the old value stays in the history and must be replaced.',
    categories: ['secrets-crypto'],
  },
  {
    id: 'secrets/consumer-added',
    title: 'A workload is given a secret',
    why: 'Who holds a secret can act with it; every holder is one more place it can leak from.',
    categories: ['secrets-crypto', 'identity-access'],
  },
  {
    id: 'secrets/consumer-removed',
    title: 'A workload is no longer given a secret',
    why: 'One place less that can leak it, or a way of authenticating that went away.',
    categories: ['secrets-crypto', 'identity-access'],
  },
  {
    id: 'secrets/unmasked',
    title: 'A value is no longer treated as secret',
    why: 'What is not marked as secret is printed in plans, logs and consoles.',
    categories: ['secrets-crypto'],
  },
];

/** Secrets in code, and who is given which. Values are never shown. Workflows have their own detector. */
export const detector: Detector = {
  id: 'secrets',
  title: 'Secrets',
  rules,
  detect: ({ deltas }) =>
    deltas
      .filter((d) => !STACKS_APART.has(subject(d).stack))
      .flatMap((d) => [
        ...literals(d),
        ...(d.kind === 'added' || d.kind === 'removed' ? [] : [...consumers(d), ...unmasked(d)]),
      ]),
};

const STACKS_APART = new Set(['github-actions', 'packages']);

function literals(delta: ResourceDelta): readonly Fact[] {
  if (delta.kind === 'removed') return [];
  return delta.changes.flatMap((change) => {
    const now = lookAt(delta, change, 'after');
    const was = lookAt(delta, change, 'before');
    if (now) return [literalFact(delta, change, 'added', now)];
    return was?.strong ? [literalFact(delta, change, 'removed', was)] : [];
  });
}

function lookAt(
  delta: ResourceDelta,
  change: AttributeChange,
  side: 'before' | 'after',
): SecretLook | undefined {
  const value = change[side];
  const resource = side === 'after' ? delta.head : delta.base;
  if (!value || !resource || change.indirect) return undefined;
  if (value.kind === 'expression') return shapeOf(value.text);
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return undefined;
  const look = secretLook(settingName(change, side, resource.name), value.value);
  return look ?? (resource.type === 'Secret' ? lookInManifest(change.path, value.value) : undefined);
}

/** Whatever stands in a Kubernetes Secret is secret by its place, even when it looks like nothing. */
function lookInManifest(path: string, value: string): SecretLook | undefined {
  return /^(?:data|stringData)\./.test(path) ? secretLook('secret', value) : undefined;
}

function literalFact(
  delta: ResourceDelta,
  change: AttributeChange,
  what: 'added' | 'removed',
  look: SecretLook,
): Fact {
  const said = `a ${look.title} of ${look.length} characters`;
  return makeDeltaFact(delta, {
    rule: `secrets/literal-${what}`,
    kind: 'setting-changed',
    categories: ['secrets-crypto'],
    signals: what === 'added' ? ['secret-added'] : ['secret-added', 'rotation-changed'],
    change,
    statement:
      what === 'added'
        ? `\`${subject(delta).address}\` has ${said} written at ${change.path}`
        : `\`${subject(delta).address}\` no longer has ${said} written at ${change.path}`,
    [what === 'added' ? 'after' : 'before']: `[${look.title}]`,
    deciding: look.strong,
    detail: change.path,
  });
}

/** Secrets that came and went; one that only moved inside the workload is neither. */
function consumers(delta: ResourceDelta): readonly Fact[] {
  const came = delta.changes.flatMap((c) => secretsGiven(c, 'after'));
  const went = delta.changes.flatMap((c) => secretsGiven(c, 'before'));
  const [now, then] = [new Set(came.map((g) => g.secret)), new Set(went.map((g) => g.secret))];
  const first = (list: readonly SecretGiven[]): SecretGiven[] =>
    [...new Map(list.toReversed().map((g) => [g.secret, g])).values()].reverse();
  return [
    ...first(came.filter((g) => !then.has(g.secret))).map((g) => consumerFact(delta, g, 'added')),
    ...first(went.filter((g) => !now.has(g.secret))).map((g) => consumerFact(delta, g, 'removed')),
  ];
}

function consumerFact(delta: ResourceDelta, g: SecretGiven, what: 'added' | 'removed'): Fact {
  const shown = g.secret.slice(0, 120);
  return makeDeltaFact(delta, {
    rule: `secrets/consumer-${what}`,
    kind: 'setting-changed',
    categories: ['secrets-crypto', 'identity-access'],
    signals: ['secret-consumer-added'],
    change: {
      ...g.change,
      side: what === 'added' ? 'head' : 'base',
      line: (what === 'added' ? g.change.after : g.change.before)?.line ?? g.change.line,
    },
    statement:
      what === 'added'
        ? `\`${subject(delta).address}\` is given the secret ${shown}`
        : `\`${subject(delta).address}\` is no longer given the secret ${shown}`,
    [what === 'added' ? 'after' : 'before']: shown,
    deciding: true,
    detail: shown,
  });
}

/** Marks that keep a value out of plans and consoles. */
const MASKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['sensitive', ['variable', 'output']],
  ['NoEcho', ['parameter']],
]);

function unmasked(delta: ResourceDelta): readonly Fact[] {
  return delta.changes
    .filter(
      (c) =>
        MASKS.get(c.path)?.includes(subject(delta).type) &&
        truth(c.before) === true &&
        truth(c.after) !== true,
    )
    .map((change) =>
      makeDeltaFact(delta, {
        rule: 'secrets/unmasked',
        kind: 'setting-changed',
        categories: ['secrets-crypto'],
        signals: ['secret-added'],
        change,
        statement: `\`${subject(delta).address}\` is no longer marked as secret`,
        before: `${change.path}: true`,
        deciding: true,
        detail: change.path,
      }),
    );
}
