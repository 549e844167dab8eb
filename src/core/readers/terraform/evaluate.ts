import type { Entry, ExpressionValue, Value } from '../../model/value.ts';
import type { HclExpression, HclStep, HclTemplate } from '../../syntax/hcl-tree.ts';
import { canonical } from '../../values/canonical.ts';
import { entry, get, list, map, resolve, scalar, text } from '../../values/value.ts';
import { isPartial } from './collections.ts';
import { type Piece, readDocument } from './documents.ts';
import { callFunction } from './functions.ts';
import { nameOfKey } from './mentions.ts';
import { calculate, isTrue } from './operations.ts';
import { affordText, namesIn, relocate, type Scope, spend } from './scope.ts';

/** What an expression comes to in its directory; always keeps what is written. Never throws. */
export function evaluate(expression: HclExpression, scope: Scope): Value {
  // Loops evaluate the same expression again and again, so inside them every step is paid for.
  if (scope.bound.size > 0 && !spend(scope.allowance, 1))
    return { kind: 'expression', text: scope.render(expression), references: [], line: expression.line };
  switch (expression.kind) {
    case 'literal':
      return evaluateLiteral(expression.value, expression.line);
    case 'tuple':
      return list(
        expression.items.map((item) => evaluate(item, scope)),
        expression.line,
      );
    case 'object':
      return map(
        expression.entries.map((e) => entry(evaluateKey(e.key, scope), evaluate(e.value, scope), e.line)),
        expression.line,
      );
    case 'template':
      return evaluateTemplate(expression, scope);
    case 'group':
      return evaluate(expression.inner, scope);
    default:
      return written(expression, scope, settle(expression, scope));
  }
}

/** The result behind an expression that is not a value as it stands. */
function settle(expression: HclExpression, scope: Scope): Value | undefined {
  switch (expression.kind) {
    case 'traversal':
      return follow(expression, scope);
    case 'access':
      return walkSteps(evaluate(expression.of, scope), expression.steps, scope);
    case 'call':
      return callFunction(expression, (operand) => evaluate(operand, scope), scope);
    case 'conditional': {
      const [condition, yes, no] = expression.operands;
      const truth = condition && isTrue(evaluate(condition, scope));
      const branch = truth === undefined ? undefined : truth ? yes : no;
      return branch && evaluate(branch, scope);
    }
    case 'operation':
      return calculate(
        expression.operator,
        expression.operands.map((operand) => evaluate(operand, scope)),
        expression.line,
      );
    case 'for':
      return repeat(expression, scope);
    default:
      return undefined;
  }
}

/** An expression with its result; a result that is itself an expression is passed through to the last known one. */
function written(expression: HclExpression, scope: Scope, result: Value | undefined): ExpressionValue {
  const resolved = result && resolve(result);
  return {
    kind: 'expression',
    text: scope.render(expression),
    references: namesIn(expression, scope.bound),
    line: expression.line,
    ...(resolved ? { resolved } : {}),
  };
}

function evaluateLiteral(value: string | number | boolean | null, line: number): Value {
  if (typeof value === 'string' && value.startsWith('{"')) {
    const resolved = readDocument([value], () => line);
    if (resolved)
      return { kind: 'expression', text: canonical(resolved, 'written'), references: [], line, resolved };
  }
  return scalar(value, line);
}

function evaluateKey(key: HclExpression, scope: Scope): string {
  const bare = nameOfKey(key);
  return bare === '*' ? (text(evaluate(key, scope)) ?? scope.render(key)) : bare;
}

function evaluateTemplate(template: HclTemplate, scope: Scope): Value {
  const { parts, heredoc, line, textLine } = template;
  const [only] = parts;
  if (only?.kind === 'interpolation' && parts.length === 1 && !heredoc) return evaluate(only.value, scope);
  const unknown = parts.map((part): Piece => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'directive') return { text: `%{ ${part.text} }`, references: [] };
    return { text: `\${${scope.render(part.value)}}`, references: namesIn(part.value, scope.bound) };
  });
  const pieces = unknown.map((piece, index): Piece => {
    const part = parts[index];
    if (typeof piece === 'string' || part?.kind !== 'interpolation') return piece;
    const value = evaluate(part.value, scope);
    return text(value) ?? { ...piece, value: resolve(value) };
  });
  const lineOf = (at: number): number => (heredoc ? textLine + at - 1 : line);
  const document = readDocument(pieces, lineOf);
  if (document) {
    // The layout of the document does not count, and neither does what its references come to.
    const source = readDocument(unknown, lineOf) ?? document;
    return { ...written(template, scope, document), text: canonical(source, 'written') };
  }
  if (parts.every((p) => p.kind === 'text')) return scalar(joinTexts(parts), line);
  const known = pieces.every((p) => typeof p === 'string') ? affordText(scope, pieces.join('')) : undefined;
  return written(template, scope, known === undefined ? undefined : scalar(known, line));
}

function joinTexts(parts: HclTemplate['parts']): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function follow(path: Extract<HclExpression, { kind: 'traversal' }>, scope: Scope): Value | undefined {
  const [first, ...rest] = path.steps;
  if (scope.bound.has(path.root)) {
    const value = scope.bindings.get(path.root);
    return value && moveHere(walkSteps(value, path.steps, scope), path.line, scope);
  }
  if (first?.kind !== 'attribute') return undefined;
  const names = path.root === 'var' ? scope.variables : path.root === 'local' ? scope.locals : undefined;
  const value = names?.get(first.name);
  return value && moveHere(walkSteps(value, rest, scope), path.line, scope);
}

function moveHere(value: Value | undefined, line: number, scope: Scope): Value | undefined {
  return value && relocate(resolve(value), line, scope.allowance);
}

function walkSteps(from: Value, steps: readonly HclStep[], scope: Scope): Value | undefined {
  let at: Value | undefined = from;
  for (const [index, step] of steps.entries()) {
    if (!at) return undefined;
    const seen: Value = resolve(at);
    if (step.kind === 'splat') {
      if (seen.kind !== 'list' || isPartial(seen)) return undefined;
      const items = seen.items.map((item) => walkSteps(item, steps.slice(index + 1), scope));
      return items.every((item) => item !== undefined) ? list(items, seen.line) : undefined;
    }
    at = step.kind === 'attribute' ? pick(seen, step.name, scope) : pick(seen, keyOf(step.key, scope), scope);
  }
  return at;
}

function keyOf(key: HclExpression, scope: Scope): string | undefined {
  return text(evaluate(key, scope));
}

function pick(value: Value, key: string | undefined, scope: Scope): Value | undefined {
  if (key === undefined || (value.kind !== 'list' && value.kind !== 'map')) return undefined;
  const size = value.kind === 'list' ? value.items.length : value.entries.length;
  if (!spend(scope.allowance, 1 + (size >> 5)) || isPartial(value)) return undefined;
  if (value.kind === 'map') return get(value, key);
  return /^\d+$/.test(key) ? value.items[Number(key)] : undefined;
}

/** Elements of a known collection with their keys; undefined when the collection is not known whole. */
export function elementsOf(
  value: Value,
): readonly { readonly key: Value; readonly value: Value }[] | undefined {
  const seen = resolve(value);
  if (isPartial(seen)) return undefined;
  if (seen.kind === 'map') return seen.entries.map((e) => ({ key: scalar(e.key, e.line), value: e.value }));
  if (seen.kind !== 'list') return undefined;
  return seen.items.map((item, index) => ({ key: scalar(index, item.line), value: item }));
}

function repeat(loop: Extract<HclExpression, { kind: 'for' }>, scope: Scope): Value | undefined {
  const elements = elementsOf(evaluate(loop.collection, scope));
  const [result, mapped] = loop.result;
  if (!elements || !result || loop.grouped) return undefined;
  const [first = '', second] = loop.bound;
  const results: Entry[] = [];
  for (const element of elements) {
    const inner = bind(
      scope,
      second === undefined
        ? [[first, element.value]]
        : [
            [first, element.key],
            [second, element.value],
          ],
    );
    const kept = loop.condition ? isTrue(evaluate(loop.condition, inner)) : true;
    if (kept === false) continue;
    const key = mapped ? text(evaluate(result, inner)) : '';
    if (kept === undefined || key === undefined) return undefined;
    results.push(entry(key, evaluate(mapped ?? result, inner), loop.line));
    if (scope.allowance.exhausted) return undefined;
  }
  if (mapped) return map(results, loop.line);
  return list(
    results.map((r) => r.value),
    loop.line,
  );
}

/** The scope inside a loop: these names have these values, whatever they mean outside. */
export function bind(scope: Scope, names: readonly (readonly [string, Value | undefined])[]): Scope {
  const bindings = new Map(scope.bindings);
  const bound = new Set(scope.bound);
  for (const [name, value] of names) {
    bound.add(name);
    if (value) bindings.set(name, value);
    else bindings.delete(name);
  }
  return { ...scope, bindings, bound };
}
