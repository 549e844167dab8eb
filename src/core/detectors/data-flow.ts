import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import { kindOf, type Kind } from '../facts/kinds.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Graph } from '../graph/graph.ts';
import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Detector } from './detector.ts';

const FLOW: AspectVoice = {
  aspects: ['flow'],
  rules: {
    widened: 'data-flow/target-added',
    narrowed: 'data-flow/target-removed',
    changed: 'data-flow/target-changed',
  },
  verbs: { widened: 'goes further', narrowed: 'goes less far', changed: 'changed' },
  categories: ['data-flow'],
  signals: {
    widened: ['subscription-added', 'consumer-added'],
    narrowed: ['subscription-removed'],
    changed: ['subscription-added', 'origin-changed'],
  },
  kind: 'setting-changed',
};

const COPIES: AspectVoice = {
  aspects: ['replication'],
  rules: {
    widened: 'data-flow/copy-added',
    narrowed: 'data-flow/copy-removed',
    changed: 'data-flow/copy-changed',
  },
  verbs: { widened: 'goes further', narrowed: 'goes less far', changed: 'changed' },
  categories: ['data-flow'],
  signals: {
    widened: ['replication-changed', 'data-copied'],
    narrowed: ['replication-changed'],
    changed: ['replication-changed', 'data-copied'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'data-flow',
  title: 'Data flows between components',
  rules: [
    {
      id: 'data-flow/target-added',
      title: 'Events or requests go to one more place',
      why: 'A new receiver sees data that it did not see before.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/target-removed',
      title: 'Events or requests no longer go somewhere',
      why: 'The model describes a flow that is gone, or a control that listened there is.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/target-changed',
      title: 'Events or requests go somewhere else',
      why: 'Another receiver, or another origin, is another party to trust with the data.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/copy-added',
      title: 'Data is copied to one more place',
      why: 'A copy has its own access, key and retention, and is as sensitive as the original.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/copy-removed',
      title: 'Data is no longer copied',
      why: 'A recovery path that the model may count on is gone.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/copy-changed',
      title: 'Where data is copied to changed',
      why: 'The weakest copy sets the real exposure.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/reference-added',
      title: 'A component is pointed at another one',
      why: 'An address handed to a workload is a flow in the making: it will call it, read it or write to it.',
      categories: ['data-flow'],
    },
    {
      id: 'data-flow/reference-removed',
      title: 'A component is no longer pointed at another one',
      why: 'The other one is still there, but this flow to it is gone; the model should no longer show it.',
      categories: ['data-flow'],
    },
  ],
  detect: ({ deltas, base, head }) => {
    const renamed = new Map(
      deltas.flatMap((d) =>
        d.kind === 'moved' && d.base && d.head ? [[d.base.address, d.head.address] as const] : [],
      ),
    );
    return [
      ...observeAspect(deltas, FLOW).map((o) => o.fact),
      ...observeAspect(deltas, COPIES).map((o) => o.fact),
      ...deltas.flatMap((d) => pointed(d, head, renamed)),
      ...deltas.flatMap((d) => forgotten(d, base, head, renamed)),
    ];
  },
};

/** Where workloads are told about others. */
const TELLING =
  /(^|[._])(env|envfrom|environment|variables|environment_?variables|app_settings|application_settings|site_config|args|command)([._]|$)/i;

/** A process, a store, or the name under which one is called. */
const isCallable = ({ element, family }: Kind): boolean =>
  element === 'process' || element === 'data-store' || (element === 'data-flow' && family === 'edge');

/** A running thing that is newly told the address of another process or store. */
function pointed(delta: ResourceDelta, head: Graph, renamed: ReadonlyMap<string, string>): Fact[] {
  const r = delta.head;
  if ((delta.kind !== 'changed' && delta.kind !== 'moved') || !r || kindOf(r).element !== 'process')
    return [];
  const known = new Set(delta.base?.references.flatMap((ref) => [ref.to, renamed.get(ref.to) ?? ref.to]));
  const fresh = new Map(
    r.references.filter((ref) => !known.has(ref.to) && TELLING.test(ref.path)).map((ref) => [ref.to, ref]),
  );
  return [...fresh.values()].flatMap((ref) => {
    const target = head.find(r.scope, ref.to);
    if (!target || !isCallable(kindOf(target))) return [];
    return [
      makeDeltaFact(delta, {
        rule: 'data-flow/reference-added',
        kind: 'setting-changed',
        categories: ['data-flow'],
        signals: ['consumer-added', 'environment-changed'],
        change: delta.changes.find((c) => c.after && c.path.startsWith(ref.path.split('.')[0] ?? '')),
        statement: `\`${subject(delta).address}\` is told about \`${target.address}\` (${ref.path})`,
        after: target.address,
        deciding: true,
        detail: target.address,
        reaches: [target.address],
      }),
    ];
  });
}

/** A running thing that is no longer told the address of another one, which is still there under its name. */
function forgotten(
  delta: ResourceDelta,
  base: Graph,
  head: Graph,
  renamed: ReadonlyMap<string, string>,
): Fact[] {
  const r = delta.base;
  if ((delta.kind !== 'changed' && delta.kind !== 'moved') || !r || kindOf(r).element !== 'process')
    return [];
  const kept = new Set(delta.head?.references.map((ref) => ref.to));
  const lost = new Map(
    r.references
      .filter((ref) => !kept.has(ref.to) && !renamed.has(ref.to) && TELLING.test(ref.path))
      .map((ref) => [ref.to, ref]),
  );
  return [...lost.values()].flatMap((ref) => {
    const target = base.find(r.scope, ref.to);
    if (!target || !isCallable(kindOf(target)) || !head.find(delta.head?.scope ?? r.scope, ref.to)) return [];
    return [
      makeDeltaFact(delta, {
        rule: 'data-flow/reference-removed',
        kind: 'setting-changed',
        categories: ['data-flow'],
        signals: ['environment-changed'],
        side: 'base',
        change: delta.changes.find((c) => c.before && c.path.startsWith(ref.path.split('.')[0] ?? '')),
        statement: `\`${subject(delta).address}\` is no longer told about \`${target.address}\` (${ref.path})`,
        before: target.address,
        deciding: true,
        detail: target.address,
      }),
    ];
  });
}
