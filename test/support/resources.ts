import type { Resource } from '../../src/core/model/resource.ts';
import type { Value } from '../../src/core/model/value.ts';
import { entry, expression, list, map, scalar } from '../../src/core/values/value.ts';

/** Plain data → Value, all on one line: `{ref: 'var.x'}` objects with the only key `ref` become expressions. */
export function value(data: unknown, line = 1): Value {
  if (Array.isArray(data))
    return list(
      data.map((d) => value(d, line)),
      line,
    );
  if (data !== null && typeof data === 'object') {
    const keys = Object.keys(data);
    const ref: unknown = (data as Record<string, unknown>)['ref'];
    if (keys.length === 1 && typeof ref === 'string') return expression(ref, [ref], line);
    return map(
      Object.entries(data).map(([k, v]) => entry(k, value(v, line), line)),
      line,
    );
  }
  return scalar(data as string | number | boolean | null, line);
}

/** A Terraform-like resource for tests of stages behind the readers. */
export function resource(
  address: string,
  data: Record<string, unknown> = {},
  over: Partial<Resource> = {},
): Resource {
  const [type = '', name = ''] = address.split('.');
  return {
    stack: 'terraform',
    address,
    scope: 'infra',
    type,
    name,
    file: 'infra/main.tf',
    span: { startLine: 1, endLine: 9 },
    values: value(data),
    references: [],
    ...over,
  };
}
