import type { Value } from '../model/value.ts';
import type { PlacedProblem } from './problem.ts';

/** Plain data without any prototype, and what YAML allows but a policy does not. */
export interface Plain {
  readonly data: unknown;
  readonly problems: readonly PlacedProblem[];
}

/** A value tree as plain data for the schema. Depth and size are those of the parser's tree, which bounds them. */
export function toPlain(value: Value): Plain {
  const problems: PlacedProblem[] = [];
  return { data: convert(value, [], problems), problems };
}

function convert(value: Value, path: readonly (string | number)[], problems: PlacedProblem[]): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map((item, i) => convert(item, [...path, i], problems));
    case 'expression':
      problems.push({
        path,
        on: 'value',
        message: `\`${value.text.slice(0, 60)}\` is no plain value.`,
        remedy: 'Write plain YAML here, without tags and templates.',
      });
      return null;
    case 'map': {
      const data = Object.create(null) as Record<string, unknown>;
      for (const { key, value: inner } of value.entries) {
        if (Object.hasOwn(data, key))
          problems.push({
            path: [...path, key],
            on: 'key',
            message: `The key \`${key.slice(0, 60)}\` stands twice.`,
            remedy: 'Keep one of the two.',
          });
        data[key] = convert(inner, [...path, key], problems);
      }
      return data;
    }
  }
}
