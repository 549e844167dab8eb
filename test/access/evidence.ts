import type { Evidence } from '../../src/core/detectors/detector.ts';
import { diffResources } from '../../src/core/diff/diff.ts';
import { buildGraph } from '../../src/core/graph/build.ts';
import type { Change } from '../../src/core/model/change.ts';
import type { PathRule } from '../../src/core/model/policy.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import type { Value } from '../../src/core/model/value.ts';
import { entry, expression, list, map, scalar } from '../../src/core/values/value.ts';

/** Something only the language's own runtime computes: `ref('aws_iam_role.a.arn', 'aws_iam_role.a')`. */
export const ref = (text: string, ...references: string[]): Value => expression(text, references, 1);
/** An expression whose value is known, such as `jsonencode({…})`. */
export const known = (text: string, value: Plain): Value => expression(text, [], 1, valueOf(value));

export type Plain =
  string | number | boolean | null | Value | readonly Plain[] | { readonly [key: string]: Plain };

const isValue = (v: object): v is Value =>
  'kind' in v && 'line' in v && ['scalar', 'list', 'map', 'expression'].includes(String(v.kind));

/** Plain data → value tree; every value stands on `line`. */
export function valueOf(plain: Plain, line = 1): Value {
  if (plain === null || typeof plain !== 'object') return scalar(plain, line);
  if (Array.isArray(plain))
    return list(
      plain.map((v: Plain) => valueOf(v, line)),
      line,
    );
  if (isValue(plain)) return plain;
  return map(
    Object.entries(plain as Record<string, Plain>).map(([k, v]) => entry(k, valueOf(v, line), line)),
    line,
  );
}

export interface Made {
  readonly stack?: string;
  readonly scope?: string;
  readonly address?: string;
  readonly file?: string;
  readonly mentions?: readonly string[];
  readonly line?: number;
}

/** A resource by type and name; `data` documents get the address that Terraform gives them. */
export function make(type: string, name: string, values: Plain, o: Made = {}): Resource {
  const prefix = type === 'aws_iam_policy_document' || type === 'google_iam_policy' ? 'data.' : '';
  const line = o.line ?? 1;
  return {
    stack: o.stack ?? 'terraform',
    address: o.address ?? `${prefix}${type}.${name}`,
    scope: o.scope ?? '',
    type,
    name,
    file: o.file ?? 'main.tf',
    span: { startLine: line, endLine: line },
    values: valueOf(values, line),
    references: (o.mentions ?? []).map((to) => ({ to, path: '' })),
  };
}

/** What detectors see for two states of the resources. */
export function evidence(
  base: readonly Resource[],
  head: readonly Resource[],
  o: { change?: Partial<Change>; pathRules?: readonly PathRule[] } = {},
): Evidence {
  return {
    deltas: diffResources(base, head),
    base: buildGraph(base),
    head: buildGraph(head),
    change: {
      repository: 'acme/shop',
      base: 'b',
      head: 'h',
      files: [],
      context: [],
      doubts: [],
      ...o.change,
    },
    pathRules: o.pathRules ?? [],
  };
}
