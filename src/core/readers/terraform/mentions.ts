import type { HclExpression, HclStep, HclTemplatePart } from '../../syntax/hcl-tree.ts';

/** Called for every mention of something declared elsewhere: its address and the attribute path where it stands. */
export type VisitMention = (address: string, path: string) => void;

/** Names bound around an expression: `for` variables, iterators of dynamic blocks. They are no resources. */
export type Bound = ReadonlySet<string>;

export const UNBOUND: Bound = new Set();

/** Roots that name nothing declared: they depend on the instance or the run. */
const RUN_TIME: Bound = new Set(['each', 'count', 'self', 'path', 'terraform']);

export function eachMention(
  expression: HclExpression,
  path: string,
  bound: Bound,
  visit: VisitMention,
): void {
  switch (expression.kind) {
    case 'literal':
    case 'opaque':
      return;
    case 'template':
      eachInParts(expression.parts, path, bound, visit);
      return;
    case 'tuple':
      for (const item of expression.items) eachMention(item, path, bound, visit);
      return;
    case 'object':
      for (const { key, value } of expression.entries) {
        eachMention(key, path, bound, visit);
        eachMention(value, below(path, nameOfKey(key)), bound, visit);
      }
      return;
    case 'traversal': {
      const address = bound.has(expression.root) ? undefined : addressOf(expression.root, expression.steps);
      if (address !== undefined) visit(address, path);
      eachInSteps(expression.steps, path, bound, visit);
      return;
    }
    case 'access':
      eachMention(expression.of, path, bound, visit);
      eachInSteps(expression.steps, path, bound, visit);
      return;
    case 'group':
      eachMention(expression.inner, path, bound, visit);
      return;
    case 'for': {
      eachMention(expression.collection, path, bound, visit);
      const inner = new Set([...bound, ...expression.bound]);
      for (const result of expression.result) eachMention(result, path, inner, visit);
      if (expression.condition) eachMention(expression.condition, path, inner, visit);
      return;
    }
    default:
      for (const operand of expression.operands) eachMention(operand, path, bound, visit);
  }
}

/** Characters of a path beyond which it does not grow: every mention below would repeat all of it. */
const LONGEST_PATH = 500;

function below(path: string, name: string): string {
  return path.length + name.length > LONGEST_PATH ? path : `${path}.${name}`;
}

function eachInSteps(steps: readonly HclStep[], path: string, bound: Bound, visit: VisitMention): void {
  for (const step of steps) if (step.kind === 'index') eachMention(step.key, path, bound, visit);
}

function eachInParts(
  parts: readonly HclTemplatePart[],
  path: string,
  bound: Bound,
  visit: VisitMention,
): void {
  let inner = bound;
  for (const part of parts) {
    if (part.kind === 'interpolation') eachMention(part.value, path, inner, visit);
    else if (part.kind === 'directive') {
      for (const operand of part.operands) eachMention(operand, path, inner, visit);
      if (part.bound.length > 0) inner = new Set([...inner, ...part.bound]);
    }
  }
}

/** The key of an object entry as far as it can be told without evaluation; a bare word means itself. */
export function nameOfKey(key: HclExpression): string {
  if (key.kind === 'literal') return String(key.value);
  return key.kind === 'traversal' && key.steps.length === 0 ? key.root : '*';
}

/** `aws_lb.x.arn` → `aws_lb.x`, `data.a.b.c` → `data.a.b`; undefined for what names nothing declared. */
export function addressOf(root: string, steps: readonly HclStep[]): string | undefined {
  if (RUN_TIME.has(root)) return undefined;
  const wanted = root === 'data' || root === 'ephemeral' ? 2 : 1;
  if (root === 'provider') return [root, ...steps.map(nameOfStep)].join('.');
  const names = steps.slice(0, wanted).map(nameOfStep);
  if (names.length < wanted || names.includes(undefined)) return undefined;
  return [root, ...names].join('.');
}

function nameOfStep(step: HclStep): string | undefined {
  if (step.kind === 'attribute') return step.name;
  if (step.kind === 'index' && step.key.kind === 'literal' && typeof step.key.value === 'string')
    return step.key.value;
  return undefined;
}
