import type { Value } from '../../model/value.ts';
import { at, entries, get, items, text, texts } from '../../values/value.ts';

export type Labels = ReadonlyMap<string, string>;

/** A label selector that asks for something. `exact` are labels that what it selects must have, `others` narrow further. */
export interface Selector {
  readonly exact: readonly (readonly [key: string, value: string])[];
  readonly others: readonly ((labels: Labels) => boolean)[];
}

export function labelsOf(metadata: Value | undefined): Labels {
  return new Map(entries(get(metadata, 'labels')).map((e) => [e.key, text(e.value) ?? '']));
}

/** `{matchLabels, matchExpressions}`, or the plain labels that a Service selects by. */
export function selectorOf(value: Value): Selector {
  const structured = get(value, 'matchLabels') ?? get(value, 'matchExpressions');
  const exact = entries(structured ? get(value, 'matchLabels') : value).map(
    (e) => [e.key, text(e.value) ?? ''] as const,
  );
  return { exact, others: structured ? items(at(value, 'matchExpressions')).map(testOf) : [] };
}

function testOf(requirement: Value): (labels: Labels) => boolean {
  const key = text(get(requirement, 'key')) ?? '';
  const values = new Set(texts(get(requirement, 'values')));
  switch (text(get(requirement, 'operator'))) {
    case 'In':
      return (labels) => values.has(labels.get(key) ?? '');
    case 'NotIn':
      return (labels) => !values.has(labels.get(key) ?? '');
    case 'Exists':
      return (labels) => labels.has(key);
    case 'DoesNotExist':
      return (labels) => !labels.has(key);
    default:
      return () => false;
  }
}

export function selects(selector: Selector, labels: Labels): boolean {
  return (
    selector.exact.every(([key, value]) => labels.get(key) === value) &&
    selector.others.every((test) => test(labels))
  );
}
