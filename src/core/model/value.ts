/**
 * The neutral attribute tree of a resource. Every reader translates its language into it, so detectors see one shape.
 * A `Value` is plain data; functions over it are in `core/values/`.
 */
export type Value = ScalarValue | ListValue | MapValue | ExpressionValue;

export interface ScalarValue {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** 1-based line of the value. */
  readonly line: number;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly line: number;
}

export interface MapValue {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly line: number;
}

export interface Entry {
  readonly key: string;
  readonly value: Value;
  /** 1-based line of the key. */
  readonly line: number;
}

/** Something that only the language's own runtime could fully compute: a reference, a call, a template. */
export interface ExpressionValue {
  readonly kind: 'expression';
  /** Source text with comments removed and white space normalised, so that formatting does not count as a difference. */
  readonly text: string;
  /** Names it mentions, as written in its language without decoration: `var.cidr`, `aws_s3_bucket.logs`, `module.net`, `LogsBucket`. */
  readonly references: readonly string[];
  /** What it comes to, as far as the unit (module, template) itself tells: variable defaults, locals, `jsonencode`, short tags. */
  readonly resolved?: Value;
  readonly line: number;
}
