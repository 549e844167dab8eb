import { instancesOf, type InstanceChange } from '../facts/instances.ts';
import { kindOf, sourceOf, type Kind } from '../facts/kinds.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Detector, Evidence } from './detector.ts';

export const detector: Detector = {
  id: 'components',
  title: 'Components: what is new and what is gone',
  rules: [
    {
      id: 'components/added',
      title: 'Something new is declared',
      why: 'A new component, store, boundary or grant is a place where the model has nothing to say yet.',
      categories: ['new-component'],
    },
    {
      id: 'components/removed',
      title: 'Something is gone',
      why: 'The model should not describe what is no longer there, and controls that lived there are gone with it.',
      categories: ['removed-component'],
    },
    {
      id: 'components/instances',
      title: 'A block makes more, fewer or other things than before',
      why: 'An entry in a list or a switch elsewhere in the module creates or removes the thing; its own block does not show it.',
      categories: ['new-component', 'removed-component'],
    },
    {
      id: 'components/provider-added',
      title: 'A new provider of infrastructure is used',
      why: 'Its plugin runs with the credentials of the deployment, and things will be created at another party.',
      categories: ['external-dependency'],
    },
  ],
  detect: (evidence) =>
    evidence.deltas.flatMap((d) => {
      if (d.kind !== 'added' && d.kind !== 'removed') return instances(d);
      if (subject(d).type === 'backend') return backend(d, evidence);
      return isProvider(subject(d)) ? provider(d, evidence) : isLayered(d, evidence) ? [] : component(d);
    }),
};

/** Compose files of one folder are layers of one project: what another of them declares on the other side is not new, nor gone. */
function isLayered(d: ResourceDelta, { base, head }: Evidence): boolean {
  const r = subject(d);
  if (r.stack !== 'compose') return false;
  const folder = (file: string): string => file.replace(/[^/]*$/, '');
  const other = d.kind === 'added' ? base : head;
  return other.resources.some(
    (o) => o.stack === 'compose' && o.address === r.address && folder(o.file) === folder(r.file),
  );
}

/** Handled by detectors of their own, which know more. */
const ELSEWHERE = new Set(['packages', 'github-actions', 'dockerfile']);

function component(d: ResourceDelta): Fact[] {
  const r = subject(d);
  if (ELSEWHERE.has(r.stack)) return [];
  const kind = kindOf(r);
  if (kind.categories.length === 0) return [];
  const removed = d.kind === 'removed';
  return [
    makeDeltaFact(d, {
      rule: removed ? 'components/removed' : 'components/added',
      kind: removed ? 'resource-removed' : 'resource-added',
      categories: removed ? whenRemoved(kind) : kind.categories,
      signals: removed ? ['resource-removed'] : ['resource-added', ...kind.signals],
      statement: `${removed ? 'Removed' : 'New'} ${nounOf(kind)} \`${r.address}\`${origin(r)}`,
      deciding: true,
      ...(kind.family ? { family: kind.family } : {}),
      ...(kind.element ? { element: kind.element } : {}),
    }),
  ];
}

/** Things that a `count` or `for_each` makes now, or no longer. */
function instances(d: ResourceDelta): Fact[] {
  const change = instancesOf(d);
  const r = subject(d);
  const kind = kindOf(r);
  if (!change || kind.categories.length === 0) return [];
  const came = change.whole === 'came' || (change.whole === undefined && change.gained.length > 0);
  return [
    makeDeltaFact(d, {
      rule: 'components/instances',
      kind: came ? 'resource-added' : 'resource-removed',
      categories: came ? kind.categories : whenRemoved(kind),
      signals: came ? ['resource-added', ...kind.signals] : ['resource-removed'],
      change: d.changes.find((c) => c.path === change.path || c.path.startsWith(`${change.path}.`)),
      statement: instanceStatement(nounOf(kind), r, change),
      deciding: true,
      detail: [change.whole ?? '', ...change.gained, '-', ...change.lost].join('|').slice(0, 500),
      ...(kind.family ? { family: kind.family } : {}),
      ...(kind.element ? { element: kind.element } : {}),
    }),
  ];
}

function instanceStatement(noun: string, r: Resource, { gained, lost, whole }: InstanceChange): string {
  const keyed = (key: string | undefined): string => `\`${r.address}["${short(key ?? '')}"]\``;
  if (gained.length + lost.length === 0)
    return whole === 'came'
      ? `New ${noun} \`${r.address}\`${origin(r)}, declared before but not made`
      : `Removed ${noun} \`${r.address}\`, still declared but no longer made`;
  if (gained.length === 1 && lost.length === 0) return `New ${noun} ${keyed(gained[0])}`;
  if (lost.length === 1 && gained.length === 0) return `Removed ${noun} ${keyed(lost[0])}`;
  const parts = [
    gained.length > 0 ? `gains ${few(gained)}` : '',
    lost.length > 0 ? `loses ${few(lost)}` : '',
  ];
  return `\`${r.address}\` (${noun}) ${parts.filter((p) => p !== '').join(' and ')}`;
}

const short = (key: string): string => (key.length > 48 ? `${key.slice(0, 47)}…` : key);

function few(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).map(short);
  return keys.length > 3 ? `${shown.join(', ')} and ${keys.length - 3} more` : shown.join(', ');
}

/** Where the state is kept: it holds every secret of the deployment. With a folder that is new as a whole it is no news. */
function backend(d: ResourceDelta, { base, head }: Evidence): Fact[] {
  const r = subject(d);
  const stays =
    base.resources.some((b) => b.scope === r.scope) && head.resources.some((h) => h.scope === r.scope);
  if (!stays) return [];
  return [
    makeDeltaFact(d, {
      rule: d.kind === 'removed' ? 'components/removed' : 'components/added',
      kind: d.kind === 'removed' ? 'resource-removed' : 'resource-added',
      categories: ['data-store'],
      signals: d.kind === 'removed' ? ['resource-removed'] : ['resource-added'],
      statement: `The state of this configuration is ${d.kind === 'removed' ? 'no longer' : 'now'} kept in \`${r.address}\``,
      deciding: true,
    }),
  ];
}

const whenRemoved = (kind: Kind): Category[] =>
  kind.categories.map((c) => (c === 'new-component' ? 'removed-component' : c));

function nounOf({ categories, element }: Kind): string {
  if (categories.includes('data-store')) return 'data store';
  if (categories.includes('new-component')) return 'component';
  if (categories.includes('data-flow')) return 'data flow';
  if (categories.includes('trust-boundary'))
    return element === 'trust-boundary' ? 'boundary' : 'network element';
  if (categories.includes('exposure')) return 'entry';
  if (categories.includes('identity-access')) return 'grant or identity';
  if (categories.includes('secrets-crypto')) return 'key or secret';
  if (categories.includes('logging-monitoring')) return 'security log or monitor';
  return 'resource';
}

const origin = (r: Resource): string => (r.type === 'module' && sourceOf(r) ? ` from ${sourceOf(r)}` : '');

const isProvider = (r: Resource): boolean => r.type === 'provider' || r.type === 'required_provider';

/** Utility providers create nothing anywhere. */
const UTILITIES = new Set([
  'random',
  'null',
  'time',
  'local',
  'tls',
  'archive',
  'external',
  'http',
  'template',
  'cloudinit',
  'assert',
  'terraform',
]);

/** A provider that nothing at base used, and that is not merely declared next to its use. */
function provider(d: ResourceDelta, { base }: Evidence): Fact[] {
  const r = subject(d);
  const name = r.address.split('.')[1] ?? '';
  if (d.kind === 'removed' || UTILITIES.has(name)) return [];
  const known = base.resources.some(
    (b) => (isProvider(b) && b.address.split('.')[1] === name) || b.type.startsWith(`${name}_`),
  );
  if (known || r.address !== `required_provider.${name}`) return [];
  return [
    makeDeltaFact(d, {
      rule: 'components/provider-added',
      kind: 'dependency-added',
      categories: ['external-dependency'],
      signals: ['provider-added'],
      statement: `Infrastructure provider \`${name}\`${sourceOf(r) ? ` (${sourceOf(r)})` : ''} is new here`,
      // A folder that is wholly new declares the providers that its neighbours use too.
      deciding: base.resources.some((b) => b.scope === r.scope),
      detail: name,
    }),
  ];
}
