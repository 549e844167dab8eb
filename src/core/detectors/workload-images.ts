import { imagesOf, kindOf } from '../facts/kinds.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import { describeImage } from '../semantics/describe.ts';
import { splitWords } from '../semantics/words.ts';
import { imageRepository, parseImage } from '../syntax/image.ts';
import { get } from '../values/value.ts';
import type { Detector, Rule } from './detector.ts';

const REPLACED: Rule = {
  id: 'workload-images/replaced',
  title: 'A workload runs other software of somebody else',
  why: 'Another product of another publisher has other defaults, other weaknesses and another owner, whatever the workload is called.',
  categories: ['external-dependency', 'data-store'],
};
const MOVED: Rule = {
  id: 'workload-images/source-changed',
  title: 'A workload’s image comes from somewhere else',
  why: 'The same software from another registry or owner; listed for completeness.',
  categories: ['external-dependency'],
};
const ADDED: Rule = {
  id: 'workload-images/container-added',
  title: 'Another container runs in a workload',
  why: 'A container beside the others is a process of its own that shares their network and often their files and identity.',
  categories: [
    'new-component',
    'data-store',
    'data-flow',
    'logging-monitoring',
    'identity-access',
    'secrets-crypto',
  ],
};
const REMOVED: Rule = {
  id: 'workload-images/container-removed',
  title: 'A container of a workload is gone',
  why: 'A process went away, and with it whatever it did for the others: a proxy, a collector, a filter.',
  categories: ['removed-component'],
};

/** What the containers of workloads run. Other tags and digests of the same image are no facts. */
export const detector: Detector = {
  id: 'workload-images',
  title: 'Software that workloads run',
  rules: [REPLACED, MOVED, ADDED, REMOVED],
  detect: ({ deltas }) =>
    deltas.flatMap((d) =>
      (d.kind === 'changed' || d.kind === 'moved') && runsImages(d) ? imageFacts(d) : [],
    ),
};

/** What is built here bears whatever name it is given. */
const runsImages = (d: ResourceDelta): boolean =>
  ['kubernetes', 'compose'].includes(subject(d).stack) &&
  subject(d).type !== 'KustomizePatch' &&
  [d.base, d.head].every((r) => get(r?.values, 'build') === undefined) &&
  kindOf(subject(d)).categories.length > 0;

/** An image without version: `ghcr.io/acme/api`, its last part, and who publishes it. */
interface Software {
  readonly repository: string;
  readonly product: readonly string[];
  readonly publisher: string;
}

function softwareOf(references: readonly string[]): ReadonlyMap<string, Software> {
  return new Map(
    references.flatMap((reference) => {
      const repository = imageRepository(parseImage(reference));
      if (repository === '' || repository.includes('$') || repository.includes('{')) return [];
      const product = splitWords(repository.split('/').at(-1) ?? '');
      return [
        [
          repository,
          { repository, product, publisher: repository.split('/').slice(0, -1).join('/') },
        ] as const,
      ];
    }),
  );
}

function imageFacts(d: ResourceDelta): Fact[] {
  const written = { before: d.base ? imagesOf(d.base) : [], after: d.head ? imagesOf(d.head) : [] };
  const [before, after] = [softwareOf(written.before), softwareOf(written.after)];
  const came = [...after.values()].filter((s) => !before.has(s.repository));
  const went = [...before.values()].filter((s) => !after.has(s.repository));
  if (came.length > 0 && went.length > 0) return came.flatMap((s) => replacement(d, s, went));
  // One container or several: only pods hold several, and what was there must be known by name.
  if (subject(d).stack !== 'kubernetes' || before.size === 0 || after.size === 0) return [];
  return written.after.length > written.before.length
    ? came.map((s) => container(d, s, ADDED))
    : written.after.length < written.before.length
      ? went.map((s) => container(d, s, REMOVED))
      : [];
}

/** One name within the other is a variant: `collector` and `collector-contrib`. */
const isVariant = (a: Software, b: Software): boolean =>
  a.product.every((w) => b.product.includes(w)) || b.product.every((w) => a.product.includes(w));

function replacement(d: ResourceDelta, now: Software, went: readonly Software[]): Fact[] {
  const old = went.find((w) => isVariant(w, now)) ?? went[0];
  if (!old) return [];
  const other = !isVariant(old, now) && old.publisher !== now.publisher;
  const known = [old, now].flatMap((s) => describeImage(s.repository)?.categories ?? []);
  const categories: Category[] = [
    'external-dependency',
    ...(known.includes('data-store') ? (['data-store'] as const) : []),
  ];
  return [
    makeDeltaFact(d, {
      rule: other ? REPLACED.id : MOVED.id,
      kind: 'setting-changed',
      categories: other ? categories : MOVED.categories,
      signals: ['image-changed'],
      change: d.changes.find((c) => c.after && c.path.endsWith('image')),
      statement: `\`${subject(d).address}\` runs \`${now.repository}\` instead of \`${old.repository}\``,
      before: old.repository,
      after: now.repository,
      deciding: other,
      detail: now.repository,
    }),
  ];
}

function container(d: ResourceDelta, s: Software, rule: Rule): Fact {
  const added = rule === ADDED;
  const own: readonly Category[] = describeImage(s.repository)?.categories ?? ['new-component'];
  return makeDeltaFact(d, {
    rule: rule.id,
    kind: added ? 'resource-added' : 'resource-removed',
    categories: added ? own : own.map((c) => (c === 'new-component' ? 'removed-component' : c)),
    signals: [added ? 'resource-added' : 'resource-removed', 'image-changed'],
    change: d.changes.find((c) => (added ? c.after : c.before) && c.path.endsWith('image')),
    statement: `\`${subject(d).address}\` ${added ? 'also runs' : 'no longer runs'} a container of \`${s.repository}\``,
    [added ? 'after' : 'before']: s.repository,
    deciding: true,
    detail: s.repository,
  });
}
