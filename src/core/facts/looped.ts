import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import { entries, get } from '../values/value.ts';
import { instancesOf } from './instances.ts';
import { leaves } from './kinds.ts';

/** A value handed to instances through `for_each`, and the attribute it ends up in. */
export interface Looped {
  readonly path: string;
  /** Key of the instance; empty when the collection is a set of plain values. */
  readonly key: string;
  /** The instance itself came or went with the value. */
  readonly whole: boolean;
}

/**
 * `for_each.web.cidr_blocks` is what `cidr_blocks` of instance `web` becomes: by the attribute that is written as
 * `each.value.cidr_blocks`, else by its own name. Undefined for a change that stands outside the collection.
 */
export function loopedAttribute(change: AttributeChange, delta: ResourceDelta): Looped | undefined {
  if (delta.kind !== 'changed' || !delta.head || !delta.base || !/^for_each(?:\.|$)/.test(change.path))
    return undefined;
  const inside = change.path.slice('for_each.'.length);
  const key = inside === '' ? '' : keyOf(inside, delta.head, delta.base);
  if (key === undefined) return undefined;
  const rest = inside.slice(key.length + 1);
  const instances = instancesOf(delta);
  const used =
    rest === ''
      ? ['each.value', ...(key === '' ? ['each.key'] : [])]
      : [`each.value.${rest}`, `each.value["${rest}"]`];
  const path =
    used.flatMap((text) => attributeWrittenAs(text, delta.head) ?? [])[0] ?? (rest === '' ? undefined : rest);
  const whole =
    inside === ''
      ? instances !== undefined
      : [...(instances?.gained ?? []), ...(instances?.lost ?? [])].includes(key);
  return path === undefined ? undefined : { path, key, whole };
}

/** The entry of the collection that a path is inside of; keys may hold dots, so the longest that fits is meant. */
function keyOf(inside: string, ...sides: readonly Resource[]): string | undefined {
  const keys = sides.flatMap((side) => entries(get(side.values, 'for_each')).map((e) => e.key));
  return keys
    .filter((k) => inside === k || inside.startsWith(`${k}.`))
    .sort((x, y) => y.length - x.length)[0];
}

function attributeWrittenAs(text: string, r: Resource | undefined): string | undefined {
  return (
    r &&
    leaves(r.values).find(
      ([path, leaf]) => !/^for_each(?:\.|$)/.test(path) && leaf.kind === 'expression' && leaf.text === text,
    )?.[0]
  );
}
