import type { Entry, Value } from '../model/value.ts';
import { at, entries, entry, expression, items, map, resolve, scalar, text } from '../values/value.ts';
import type { SyntaxProblem } from './problem.ts';
import {
  CLOUDFORMATION_TAGS,
  mentions,
  ownReferences,
  readTag,
  renderFlow,
  type TagReader,
} from './yaml-tags.ts';

/** What a template's functions may look up. */
export interface TemplateContext {
  /** Defaults of the parameters that have one a reader can know. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly mappings: Value | undefined;
  readonly problems: SyntaxProblem[];
  /** Characters of expression text and of resolved text that may still be made. */
  budget: number;
}

type Resolver = (argument: Value, context: TemplateContext) => Value | undefined;

const SHORT_NAMES: ReadonlyMap<string, string> = new Map(
  CLOUDFORMATION_TAGS.map((name) => [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, name]),
);
const LONG_NAMES: ReadonlyMap<string, string> = new Map(
  [...SHORT_NAMES].map(([long, short]) => [short, long]),
);

/** Reads `!Sub x` as `Fn::Sub: x`, so that both spellings and JSON are one language from here on. */
export const expandShortTag: TagReader = (tag, value, line) => {
  const long = LONG_NAMES.get(tag.slice(1));
  return long ? map([entry(long, value, line)], line) : readTag(tag, value, line);
};

/**
 * Replaces the intrinsic functions of a tree by expressions. They resolve as far as the template tells: a parameter
 * to its default, `Sub`, `Join`, `Select`, `Split` and `FindInMap` when all parts are known. `If` resolves to its first
 * arm, or to the second when the first is `AWS::NoValue`: the arm that sets something is the one to judge; both are
 * in the text.
 */
export function evaluate(value: Value, context: TemplateContext): Value {
  switch (value.kind) {
    case 'scalar':
    case 'expression':
      return value;
    case 'list':
      return { ...value, items: value.items.map((item) => evaluate(item, context)) };
    case 'map': {
      const call = intrinsicIn(value.entries);
      if (call) return evaluateCall(call.short, call.argument, value.line, context);
      return { ...value, entries: value.entries.map((e) => ({ ...e, value: evaluate(e.value, context) })) };
    }
  }
}

function intrinsicIn(
  written: readonly Entry[],
): { readonly short: string; readonly argument: Value } | undefined {
  const only = written.length === 1 ? written[0] : undefined;
  const short = only && SHORT_NAMES.get(only.key);
  if (!only || !short) return undefined;
  // `Condition` is also an ordinary key, of resources and of policy statements.
  if (short === 'Condition' && only.value.kind !== 'scalar') return undefined;
  return { short, argument: only.value };
}

function evaluateCall(short: string, written: Value, line: number, context: TemplateContext): Value {
  const argument = evaluate(written, context);
  const shown = short === 'GetAtt' ? (attributeName(argument) ?? renderFlow(argument)) : renderFlow(argument);
  if (!spend(context, shown.length, line)) return expression(`!${short} …`, [], line);
  const references = [...new Set([...ownReferences(short, argument), ...mentions(argument)])];
  return expression(`!${short} ${shown}`, references, line, RESOLVERS.get(short)?.(argument, context));
}

/** `A.B` of both ways to write the argument of `GetAtt`. */
function attributeName(argument: Value): string | undefined {
  if (argument.kind !== 'list') return text(argument);
  const parts = argument.items.map((item) => (item.kind === 'scalar' ? text(item) : undefined));
  return parts.every((part) => part !== undefined) ? parts.join('.') : undefined;
}

const RESOLVERS: ReadonlyMap<string, Resolver> = new Map<string, Resolver>([
  ['Ref', resolveRef],
  ['Sub', resolveSub],
  ['Join', resolveJoin],
  ['If', resolveIf],
  ['FindInMap', resolveFindInMap],
  ['Select', resolveSelect],
  ['Split', resolveSplit],
  // What is encoded or printed is what there is to judge.
  ['Base64', (argument) => argument],
  ['ToJsonString', (argument) => argument],
]);

function resolveRef(argument: Value, context: TemplateContext): Value | undefined {
  const value = context.parameters.get(text(argument) ?? '');
  return value && afford(context, value, argument.line) ? placed(value, argument.line) : undefined;
}

function resolveSub(argument: Value, context: TemplateContext): Value | undefined {
  const [template, variables] = argument.kind === 'list' ? argument.items : [argument];
  const written = text(template);
  if (written === undefined) return undefined;
  const missing: string[] = [];
  let length = written.length;
  const filled = written.replace(/\$\{([^{}$]{0,255})\}/g, (_, inner: string) => {
    const name = inner.trim();
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const own = variables && at(variables, name);
    const value = own ? text(own) : text(context.parameters.get(name));
    length += value?.length ?? 0;
    // Past the budget the text is not built up any further.
    if (value === undefined || length > context.budget) missing.push(name);
    return missing.length > 0 ? '' : (value ?? '');
  });
  return missing.length === 0 && spend(context, filled.length, argument.line)
    ? scalar(filled, argument.line)
    : undefined;
}

function resolveJoin(argument: Value, context: TemplateContext): Value | undefined {
  const [delimiter, parts] = items(argument);
  const between = text(delimiter);
  if (between === undefined || !parts || resolve(parts).kind !== 'list') return undefined;
  const known = items(parts).map(text);
  if (known.some((part) => part === undefined)) return undefined;
  const joined = known.reduce((sum, part) => sum + (part?.length ?? 0) + between.length, 0);
  return spend(context, joined, argument.line) ? scalar(known.join(between), argument.line) : undefined;
}

function resolveIf(argument: Value): Value | undefined {
  const [, first, second] = items(argument);
  return [first, second].find((arm) => arm && !isNoValue(arm));
}

/** Whether an evaluated value is `!Ref AWS::NoValue`: nothing is set. */
export function isNoValue(value: Value): boolean {
  return (
    value.kind === 'expression' && value.references.length === 1 && value.references[0] === 'AWS::NoValue'
  );
}

function resolveFindInMap(argument: Value, context: TemplateContext): Value | undefined {
  const [name, top, second] = items(argument).map(text);
  if (name === undefined || top === undefined || second === undefined) return undefined;
  const found = at(context.mappings, name, top, second);
  return found && afford(context, found, argument.line) ? placed(found, argument.line) : undefined;
}

function resolveSelect(argument: Value): Value | undefined {
  const [index, from] = items(argument);
  const place = text(index);
  if (place === undefined || !/^\d{1,6}$/.test(place) || !from || resolve(from).kind !== 'list')
    return undefined;
  return items(from)[Number(place)];
}

function resolveSplit(argument: Value, context: TemplateContext): Value | undefined {
  const [delimiter, from] = items(argument).map(text);
  if (!delimiter || from === undefined || !spend(context, from.length, argument.line)) return undefined;
  const { line } = argument;
  return { kind: 'list', items: from.split(delimiter).map((part) => scalar(part, line)), line };
}

/** Pays for a value that is used at one more place. */
function afford(context: TemplateContext, value: Value, line: number): boolean {
  return context.budget >= 0 && spend(context, weigh(value), line);
}

/** A value as if written where it is used: a difference in it is shown at the resource that it changes. */
function placed(value: Value, line: number): Value {
  switch (value.kind) {
    case 'scalar':
    case 'expression':
      return { ...value, line };
    case 'list':
      return { ...value, line, items: value.items.map((item) => placed(item, line)) };
    case 'map':
      return {
        ...value,
        line,
        entries: value.entries.map((e) => ({ ...e, line, value: placed(e.value, line) })),
      };
  }
}

/** Characters that using a value once more stands for. */
function weigh(value: Value): number {
  switch (value.kind) {
    case 'scalar':
      return String(value.value).length + 1;
    case 'expression':
      return value.text.length;
    case 'list':
      return value.items.reduce((sum, item) => sum + weigh(item), 1);
    case 'map':
      return entries(value).reduce((sum, e) => sum + e.key.length + weigh(e.value), 1);
  }
}

function spend(context: TemplateContext, characters: number, line: number): boolean {
  if (context.budget < 0) return false;
  context.budget -= characters;
  if (context.budget >= 0) return true;
  context.problems.push({ message: 'Its functions expand too far', line, column: 1, limit: true });
  return false;
}
