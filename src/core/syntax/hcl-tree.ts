/** The positioned tree of an HCL text: plain data, free of the parser that made it. Lines are 1-based. */
export type HclItem = HclAttribute | HclBlock;

/** `name = value`. */
export interface HclAttribute {
  readonly kind: 'attribute';
  readonly name: string;
  readonly value: HclExpression;
  readonly line: number;
  readonly endLine: number;
}

/** `type "label" … { body }`. */
export interface HclBlock {
  readonly kind: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly HclItem[];
  readonly line: number;
  readonly endLine: number;
}

export type HclExpression =
  | HclLiteral
  | HclTemplate
  | HclTuple
  | HclObject
  | HclTraversal
  | HclAccess
  | HclCall
  | HclConditional
  | HclOperation
  | HclFor
  | HclGroup
  | HclOpaque;

export interface HclLiteral {
  readonly kind: 'literal';
  /** Strings are decoded. Numbers that a double cannot hold stay text. */
  readonly value: string | number | boolean | null;
  readonly line: number;
}

/** A quoted string with interpolations, or any heredoc. */
export interface HclTemplate {
  readonly kind: 'template';
  readonly parts: readonly HclTemplatePart[];
  readonly heredoc: boolean;
  readonly line: number;
  /** Where the text itself starts: for a heredoc the line after its marker. */
  readonly textLine: number;
}

/** Decoded text, `${ … }`, or a `%{ … }` marker with the expressions in it. */
export type HclTemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly value: HclExpression }
  | {
      readonly kind: 'directive';
      readonly text: string;
      readonly bound: readonly string[];
      readonly operands: readonly HclExpression[];
    };

export interface HclTuple {
  readonly kind: 'tuple';
  readonly items: readonly HclExpression[];
  readonly line: number;
}

export interface HclObject {
  readonly kind: 'object';
  readonly entries: readonly HclObjectEntry[];
  readonly line: number;
}

export interface HclObjectEntry {
  /** A bare word is a traversal without steps, as in the grammar; it means its own name. */
  readonly key: HclExpression;
  readonly value: HclExpression;
  readonly line: number;
}

/** `a`, `a.b`, `a.b[0].c`. */
export interface HclTraversal {
  readonly kind: 'traversal';
  readonly root: string;
  readonly steps: readonly HclStep[];
  readonly line: number;
}

/** Steps on something that is no name: `f(x).y`. */
export interface HclAccess {
  readonly kind: 'access';
  readonly of: HclExpression;
  readonly steps: readonly HclStep[];
  readonly line: number;
}

/** `.name`, `[key]`, or `[*]` and `.*`. */
export type HclStep =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly key: HclExpression }
  | { readonly kind: 'splat' };

export interface HclCall {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly HclExpression[];
  /** Whether the last argument is spread: `f(list...)`. */
  readonly spread: boolean;
  readonly line: number;
}

export interface HclConditional {
  readonly kind: 'conditional';
  /** Condition, value when true, value when false. */
  readonly operands: readonly HclExpression[];
  readonly line: number;
}

/** One operand for `-` and `!`, two for the others. */
export interface HclOperation {
  readonly kind: 'operation';
  readonly operator: string;
  readonly operands: readonly HclExpression[];
  readonly line: number;
}

/** `[for v in c : v if x]`, `{for k, v in c : k => v... if x}`. */
export interface HclFor {
  readonly kind: 'for';
  readonly shape: 'tuple' | 'object';
  readonly bound: readonly string[];
  readonly collection: HclExpression;
  /** The value, or key and value. */
  readonly result: readonly HclExpression[];
  readonly condition?: HclExpression;
  readonly grouped: boolean;
  readonly line: number;
}

/** `( … )`. */
export interface HclGroup {
  readonly kind: 'group';
  readonly inner: HclExpression;
  readonly line: number;
}

/** What the syntax could not take apart: damaged, or nested too deep. White space is collapsed. */
export interface HclOpaque {
  readonly kind: 'opaque';
  readonly text: string;
  readonly line: number;
}
