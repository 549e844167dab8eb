import type { Value } from '../../model/value.ts';
import type { HclCall, HclExpression } from '../../syntax/hcl-tree.ts';
import { list, resolve, scalar, text } from '../../values/value.ts';
import { distinct, flatten, isPartial, joinLists, mergeMaps } from './collections.ts';
import { affordText, type Scope } from './scope.ts';

/**
 * Result of a function, as far as the arguments are known; undefined when it is not. Arguments are seen through.
 * `concat`, `flatten` and `merge` keep what is known beside what is not: an open address range must not hide behind
 * a variable it is joined with.
 */
type Compute = (operands: readonly Value[], line: number, scope: Scope) => Value | undefined;

export function callFunction(
  call: HclCall,
  evaluate: (operand: HclExpression) => Value,
  scope: Scope,
): Value | undefined {
  const compute = FUNCTIONS.get(call.name);
  if (!compute) return undefined;
  const operands = call.operands.map((operand) => resolve(evaluate(operand)));
  const last = operands.at(-1);
  if (!call.spread || !last) return compute(operands, call.line, scope);
  if (last.kind !== 'list' || (isPartial(last) && !KEEPS_UNKNOWN.has(call.name))) return undefined;
  return compute([...operands.slice(0, -1), ...last.items.map(resolve)], call.line, scope);
}

const KEEPS_UNKNOWN: ReadonlySet<string> = new Set(['concat', 'flatten', 'merge', 'setunion']);

const known = (value: Value | undefined): Value | undefined =>
  value?.kind === 'expression' ? undefined : value;
const wholeList = (value: Value | undefined): readonly Value[] | undefined =>
  value?.kind === 'list' && !isPartial(value) ? value.items : undefined;

const first: Compute = ([operand]) => known(operand);

/** Lists and maps stay trees, which is what the text is read for; a scalar becomes its JSON text. */
const encodeJson: Compute = ([operand], line) =>
  operand?.kind === 'scalar' ? scalar(JSON.stringify(operand.value), line) : known(operand);

const firstList: Compute = ([operand]) => (operand?.kind === 'list' ? operand : undefined);

const tree: Compute = ([operand]) =>
  operand?.kind === 'list' || operand?.kind === 'map' ? operand : undefined;

/** The first operand that counts; an unknown one before it leaves the answer open. */
function firstThat(operands: readonly Value[], counts: (value: Value) => boolean): Value | undefined {
  for (const operand of operands) {
    if (operand.kind === 'expression') return undefined;
    if (counts(operand)) return operand;
  }
  return undefined;
}

const isFilled = (value: Value): boolean =>
  value.kind !== 'scalar' || (value.value !== null && value.value !== '');

const convert =
  (change: (text: string) => string | number | boolean | undefined): Compute =>
  ([operand], line) => {
    const written = text(operand);
    const result = written === undefined ? undefined : change(written);
    return result === undefined ? undefined : scalar(result, line);
  };

const lookUp: Compute = ([collection, key, fallback]) => {
  const name = text(key);
  if (collection?.kind !== 'map' || isPartial(collection) || name === undefined) return undefined;
  return collection.entries.findLast((e) => e.key === name)?.value ?? known(fallback);
};

const join: Compute = ([separator, items], line, scope) => {
  const texts = wholeList(items)?.map(text);
  const between = text(separator);
  if (!texts || between === undefined || texts.includes(undefined)) return undefined;
  const joined = affordText(scope, texts.join(between));
  return joined === undefined ? undefined : scalar(joined, line);
};

const split: Compute = ([separator, joined], line) => {
  const [between, whole] = [text(separator), text(joined)];
  if (between === undefined || whole === undefined || between === '') return undefined;
  return list(
    whole.split(between).map((part) => scalar(part, line)),
    line,
  );
};

/** `%s`, `%d` and `%v` without flags; anything else is left open. */
const format: Compute = ([pattern, ...rest], line, scope) => {
  const shape = text(pattern);
  const texts = rest.map(text);
  if (shape === undefined || texts.includes(undefined)) return undefined;
  const verbs = shape.match(/%./gs) ?? [];
  const plain = verbs.every((verb) => '%s %d %v %%'.split(' ').includes(verb));
  let next = 0;
  const filled = shape.replace(/%./gs, (verb) => (verb === '%%' ? '%' : (texts[next++] ?? '')));
  const result = plain && next === texts.length ? affordText(scope, filled) : undefined;
  return result === undefined ? undefined : scalar(result, line);
};

const FUNCTIONS: ReadonlyMap<string, Compute> = new Map<string, Compute>([
  ['jsonencode', encodeJson],
  ['yamlencode', first],
  ['jsondecode', tree],
  ['yamldecode', tree],
  ['sensitive', first],
  ['nonsensitive', first],
  ['tolist', firstList],
  ['sort', firstList],
  ['reverse', firstList],
  [
    'toset',
    ([operand], line) => (operand?.kind === 'list' ? list(distinct(operand.items), line) : undefined),
  ],
  [
    'distinct',
    ([operand], line) => (operand?.kind === 'list' ? list(distinct(operand.items), line) : undefined),
  ],
  ['tomap', ([operand]) => (operand?.kind === 'map' ? operand : undefined)],
  ['tostring', convert((written) => written)],
  [
    'tonumber',
    convert((written) => (/^-?\d{1,15}(\.\d{1,9})?$/.test(written) ? Number(written) : undefined)),
  ],
  ['tobool', convert((written) => (written === 'true' ? true : written === 'false' ? false : undefined))],
  ['lower', convert((written) => written.toLowerCase())],
  ['upper', convert((written) => written.toUpperCase())],
  ['trimspace', convert((written) => written.trim())],
  ['concat', joinLists],
  [
    'setunion',
    (operands, line) => {
      const joined = joinLists(operands, line);
      return joined?.kind === 'list' ? list(distinct(joined.items), line) : undefined;
    },
  ],
  ['flatten', ([operand], line) => (operand?.kind === 'list' ? list(flatten(operand), line) : undefined)],
  [
    'compact',
    ([operand], line) =>
      operand?.kind === 'list'
        ? list(
            operand.items.filter((item) => isFilled(resolve(item))),
            line,
          )
        : undefined,
  ],
  ['merge', mergeMaps],
  ['try', first],
  ['coalesce', (operands) => firstThat(operands, isFilled)],
  ['coalescelist', (operands) => firstThat(operands, (o) => o.kind === 'list' && o.items.length > 0)],
  ['lookup', lookUp],
  [
    'element',
    ([items, index]) => {
      const whole = wholeList(items);
      const at = Number(text(index));
      return whole && whole.length > 0 && Number.isInteger(at) && at >= 0
        ? whole[at % whole.length]
        : undefined;
    },
  ],
  [
    'one',
    ([items], line) => {
      const whole = wholeList(items);
      return whole && whole.length <= 1 ? (whole[0] ?? scalar(null, line)) : undefined;
    },
  ],
  [
    'length',
    ([operand], line) => {
      const whole = operand?.kind === 'map' && !isPartial(operand) ? operand.entries : wholeList(operand);
      return whole && scalar(whole.length, line);
    },
  ],
  [
    'keys',
    ([operand], line) =>
      operand?.kind === 'map' && !isPartial(operand)
        ? list(
            operand.entries.map((e) => scalar(e.key, line)),
            line,
          )
        : undefined,
  ],
  [
    'values',
    ([operand], line) =>
      operand?.kind === 'map' && !isPartial(operand)
        ? list(
            operand.entries.map((e) => e.value),
            line,
          )
        : undefined,
  ],
  [
    'contains',
    ([items, wanted], line) => {
      const texts = wholeList(items)?.map(text);
      const name = text(wanted);
      return texts && name !== undefined ? scalar(texts.includes(name), line) : undefined;
    },
  ],
  ['join', join],
  ['split', split],
  ['format', format],
]);
