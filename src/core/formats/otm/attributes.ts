import type { ResourceRef } from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { entries, get, items, text } from '../../values/value.ts';
import { isSaid } from '../conventions.ts';
import { refOf } from '../reading/references.ts';

/** Free attributes as lines, so that the text conventions (`owner: …`, `ticket: …`, `resource: …`) are found there too. */
export function attributeLines(value: Value): readonly string[] {
  return entries(get(value, 'attributes')).flatMap((entry) =>
    items(entry.value).flatMap((item) => {
      const said = text(item);
      return said === undefined || !isSaid(said) ? [] : [`${entry.key}: ${said.replace(/\s+/g, ' ')}`];
    }),
  );
}

/** Attribute values that are the name of a real thing. */
export function attributeRefs(value: Value): readonly ResourceRef[] {
  return entries(get(value, 'attributes')).flatMap((entry) => refOf(text(entry.value), 'attribute'));
}

/** Places in code that represent the element. Boxes in diagrams are no such place. */
export function representationRefs(value: Value): readonly ResourceRef[] {
  return items(get(value, 'representations')).flatMap((one): readonly ResourceRef[] => {
    const file = text(get(one, 'file'));
    const line = text(get(one, 'line'));
    if (file !== undefined && file !== '')
      return [{ kind: 'file', value: line === undefined ? file : `${file}:${line}`, from: 'attribute' }];
    return refOf(text(get(one, 'id')), 'attribute');
  });
}
