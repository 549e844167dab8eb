import type { Resource } from '../model/resource.ts';
import { trafficOf } from '../semantics/traffic.ts';
import { opennessOf } from '../semantics/cidr.ts';
import { describeAttribute, describeType } from '../semantics/describe.ts';
import type { AttributeSemantics } from '../semantics/semantics.ts';
import { isSetting } from '../semantics/settings.ts';
import { memoised } from '../values/memoise.ts';
import { text, truth } from '../values/value.ts';
import { leaves } from './kinds.ts';

/** Most types have no door at all. */
const mayBeDoor = memoised((stack = '', type = '') =>
  describeType(stack, type).attributes.some((a) => a.aspect === 'exposure'),
);

/** Whether anybody on the internet may knock: a world range, a public flag or an internet-facing scheme, as the data knows it. */
export function isOpenToWorld(r: Resource): boolean {
  if (
    isSetting(r.type) ||
    r.type === 'module' ||
    r.address.startsWith('data.') ||
    !mayBeDoor(r.stack, r.type)
  )
    return false;
  return leaves(r.values).some(([path, leaf, parent]) => {
    const semantics = describeAttribute(r.stack, r.type, path);
    if (
      semantics === undefined ||
      semantics === 'noise' ||
      semantics.aspect !== 'exposure' ||
      !opens(semantics, text(leaf), truth(leaf))
    )
      return false;
    const { outbound, denies } = trafficOf(parent, r.values);
    return !outbound && !denies;
  });
}

function opens(
  semantics: AttributeSemantics,
  written: string | undefined,
  state: boolean | undefined,
): boolean {
  switch (semantics.reading) {
    case 'cidr':
      return written !== undefined && opennessOf(written) === 'world';
    case 'opens-when-true':
      return state === true;
    case 'levels': {
      const levels = (semantics.levels ?? []).map((l) => l.toLowerCase());
      const at = levels.indexOf(written?.toLowerCase() ?? '');
      return semantics.notable === true && at >= 0 && at < levels.indexOf('*');
    }
    default:
      return false;
  }
}
