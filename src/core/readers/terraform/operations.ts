import type { ScalarValue, Value } from '../../model/value.ts';
import { resolve, scalar } from '../../values/value.ts';

type Plain = ScalarValue['value'];

const ARITHMETIC = new Map<string, (left: number, right: number) => number | boolean>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

/** Result of an operator whose operands are known; undefined otherwise. `false && unknown` is known. */
export function calculate(operator: string, operands: readonly Value[], line: number): Value | undefined {
  const [left, right] = operands;
  if (!left) return undefined;
  const result = right ? binary(operator, left, right) : unary(operator, left);
  return result === undefined || (typeof result === 'number' && !Number.isFinite(result))
    ? undefined
    : scalar(result, line);
}

function unary(operator: string, operand: Value): Plain | undefined {
  if (operator === '!') {
    const truth = isTrue(operand);
    return truth === undefined ? undefined : !truth;
  }
  const number = plain(operand);
  return operator === '-' && typeof number === 'number' ? -number : undefined;
}

function binary(operator: string, left: Value, right: Value): Plain | undefined {
  if (operator === '&&' || operator === '||') {
    const decisive = operator === '||';
    const truths = [isTrue(left), isTrue(right)];
    if (truths.includes(decisive)) return decisive;
    return truths.includes(undefined) ? undefined : !decisive;
  }
  const [a, b] = [plain(left), plain(right)];
  if (a === undefined || b === undefined) return undefined;
  if (operator === '==' || operator === '!=') {
    // A number and a text may be equal after conversion, so only like types are compared; null is like all.
    if (typeof a !== typeof b && a !== null && b !== null) return undefined;
    return (a === b) === (operator === '==');
  }
  const compute = ARITHMETIC.get(operator);
  return compute && typeof a === 'number' && typeof b === 'number' ? compute(a, b) : undefined;
}

function plain(value: Value): Plain | undefined {
  const seen = resolve(value);
  return seen.kind === 'scalar' ? seen.value : undefined;
}

/** Terraform's own booleans: `true` and "true". */
export function isTrue(value: Value): boolean | undefined {
  const known = plain(value);
  if (known === true || known === 'true') return true;
  return known === false || known === 'false' ? false : undefined;
}
