import { LIMITS } from '../limits.ts';
import type { Resource } from '../model/resource.ts';
import type { Entry, Value } from '../model/value.ts';
import { parseJson } from '../syntax/json.ts';
import { entries, get, items, resolve, text } from '../values/value.ts';
import { POWERS } from './data.generated.ts';
import { child, nameOf, namesIn } from './names.ts';
import { normalisePrincipal, plainArn } from './principal.ts';
import {
  caseless,
  condition,
  conditions,
  NOTHING,
  terms,
  type Condition,
  type Statement,
  type Terms,
} from './statement.ts';

/** One policy document inside a resource. */
export interface PolicyDocument {
  /** Where it stands: `assume_role_policy`, `Policies.PolicyDocument`; empty for a document that is the resource itself. */
  readonly path: string;
  readonly line: number;
  readonly statements: readonly Statement[];
  /** Documents, or parts of it, that are kept elsewhere or cannot be read: their texts. */
  readonly elsewhere: readonly Elsewhere[];
}

export interface Elsewhere {
  readonly text: string;
  readonly references: readonly string[];
  readonly line: number;
}

const DOCUMENT_NAMES = new Set(POWERS.documents.map((d) => d.toLowerCase()));
const DATA_DOCUMENTS = new Set(['aws_iam_policy_document']);
/** Attributes of a document resource that name other documents to build upon. */
const BASES = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];

/** All AWS policy documents in a resource, in the order in which they are written. */
export function policyDocuments(resource: Resource): readonly PolicyDocument[] {
  if (DATA_DOCUMENTS.has(resource.type)) return [documentOfBlocks(resource)];
  const found: PolicyDocument[] = [];
  search(resource.values, '', 0, { left: LIMITS.nodes }, found);
  return found;
}

function documentOfBlocks(resource: Resource): PolicyDocument {
  return {
    path: '',
    line: resource.span.startLine,
    statements: readStatements(get(resource.values, 'statement')),
    elsewhere: BASES.flatMap((name) => items(get(resource.values, name)).flatMap(kept)),
  };
}

function search(
  value: Value,
  path: string,
  depth: number,
  budget: { left: number },
  found: PolicyDocument[],
): void {
  if (depth > LIMITS.depth || budget.left-- <= 0) return;
  const seen = asDocument(value, path);
  const list = seen.kind === 'map' ? statementList(seen) : isStatement(seen) ? seen : undefined;
  if (list) {
    found.push({ path, line: value.line, statements: readStatements(list), elsewhere: [] });
  } else if (seen.kind === 'map') {
    for (const e of seen.entries)
      search(e.value, path ? `${path}.${e.key}` : e.key, depth + 1, budget, found);
  } else if (seen.kind === 'list') {
    if (seen.items.length > 0 && seen.items.every(isStatement))
      found.push({ path, line: value.line, statements: readStatements(seen), elsewhere: [] });
    else for (const item of seen.items) search(item, path, depth + 1, budget, found);
  } else if (seen.kind === 'expression' && namesDocument(path)) {
    found.push({ path, line: value.line, statements: [], elsewhere: kept(seen) });
  }
}

/** The value, or the document written as JSON text inside it. */
function asDocument(value: Value, path: string): Value {
  const seen = resolve(value);
  const written = seen.kind === 'scalar' ? seen.value : seen.kind === 'expression' ? seen.text : undefined;
  if (typeof written !== 'string' || !/"Statement"\s*:/i.test(written.slice(0, 2_000))) return seen;
  if (seen.kind === 'expression' && !namesDocument(path)) return seen;
  const from = written.indexOf('{');
  const to = written.lastIndexOf('}');
  const read = from >= 0 && to > from ? parseJson(written.slice(from, to + 1)) : { errors: [] };
  return read.value && read.errors.length === 0 ? atLine(read.value, value.line, 0) : seen;
}

/** Lines of a text inside a file: the file's own line stands for all of them. */
function atLine(value: Value, line: number, depth: number): Value {
  if (depth > LIMITS.depth) return { kind: 'scalar', value: null, line };
  if (value.kind === 'map')
    return {
      ...value,
      line,
      entries: value.entries.map((e): Entry => ({ ...e, line, value: atLine(e.value, line, depth + 1) })),
    };
  return value.kind === 'list'
    ? { ...value, line, items: value.items.map((v) => atLine(v, line, depth + 1)) }
    : { ...value, line };
}

const namesDocument = (path: string): boolean =>
  DOCUMENT_NAMES.has((path.split('.').at(-1) ?? '').toLowerCase());

/** The statements of a map that is a document; nothing for any other map. */
function statementList(value: Value): Value | undefined {
  const list = child(value, 'Statement', 'Statements', 'policy_statements', 'iamRoleStatements');
  if (!list) return undefined;
  return items(list).some(isStatement) || entries(list).some((e) => isStatement(e.value)) ? list : undefined;
}

function isStatement(value: Value): boolean {
  if (!child(value, 'Action', 'Actions', 'NotAction', 'not_actions', 'NotActions')) return false;
  const effect = text(child(value, 'Effect'))?.toLowerCase();
  if (effect !== undefined) return effect === 'allow' || effect === 'deny';
  return child(value, 'Resource', 'Resources', 'Principal', 'principals') !== undefined;
}

function readStatements(value: Value | undefined): readonly Statement[] {
  const seen = value ? resolve(value) : undefined;
  // A map of named statements (as some modules take them) or one statement without a list.
  if (seen?.kind === 'map' && !isStatement(seen))
    return seen.entries.flatMap((e) => readStatement(e.value) ?? []);
  return items(value).flatMap((v) => readStatement(v) ?? []);
}

function readStatement(value: Value): Statement | undefined {
  const seen = resolve(value);
  if (seen.kind !== 'map') return undefined;
  const optional = value.kind === 'expression' && value.references.some((r) => r.startsWith('Conditions.'));
  const repeated = child(seen, 'for_each');
  const guards = [
    ...(optional ? [condition('only-if', 'enabled', [])] : []),
    ...(repeated ? [condition('only-if', 'for_each', keysOf(repeated))] : []),
  ];
  return {
    system: 'aws',
    effect: (nameOf(child(seen, 'Effect')) ?? 'Allow').toLowerCase() === 'deny' ? 'deny' : 'allow',
    principals: readPrincipals(
      child(seen, 'Principal', 'principals'),
      child(seen, 'NotPrincipal', 'not_principals'),
    ),
    actions: either(
      child(seen, 'Action', 'Actions'),
      child(seen, 'NotAction', 'NotActions', 'not_actions'),
      caseless,
    ),
    resources: either(
      child(seen, 'Resource', 'Resources'),
      child(seen, 'NotResource', 'NotResources', 'not_resources'),
      arns,
    ),
    conditions: conditions([
      ...readConditions(child(seen, 'Condition', 'condition', 'conditions')),
      ...guards,
    ]),
    line: seen.line,
  };
}

/** What a `dynamic` block is repeated for, as far as it is known: one more is a statement more. */
function keysOf(value: Value): readonly string[] {
  const seen = resolve(value);
  if (seen.kind === 'map') return seen.entries.map((e) => e.key);
  return seen.kind === 'list' ? namesIn(seen) : [];
}

const arns = (names: readonly string[], except: boolean): Terms => terms(names.map(plainArn), except);

function either(
  yes: Value | undefined,
  no: Value | undefined,
  make: (names: readonly string[], except: boolean) => Terms,
): Terms {
  if (yes) return make(namesIn(yes), false);
  return no ? make(namesIn(no), true) : NOTHING;
}

function readPrincipals(yes: Value | undefined, no: Value | undefined): Terms {
  const value = yes ?? no;
  return value ? terms(principalsIn(value), !yes) : NOTHING;
}

/** `"*"`, `{AWS: […]}` of JSON, and the `principals { type identifiers }` blocks of Terraform. */
function principalsIn(value: Value): string[] {
  return items(value).flatMap((v): string[] => {
    const seen = resolve(v);
    if (seen.kind !== 'map') return namesIn(v).map((n) => normalisePrincipal('aws', n));
    const identifiers = child(seen, 'identifiers');
    if (identifiers)
      return namesIn(identifiers).map((n) => normalisePrincipal(nameOf(child(seen, 'type')) ?? 'aws', n));
    return seen.entries.flatMap((e) => namesIn(e.value).map((n) => normalisePrincipal(e.key, n)));
  });
}

/** `{StringEquals: {key: values}}` of JSON, and the `condition { test variable values }` blocks of Terraform. */
function readConditions(value: Value | undefined): Condition[] {
  return items(value).flatMap((v) => {
    const variable = nameOf(child(v, 'variable'));
    if (variable !== undefined)
      return [condition(nameOf(child(v, 'test')) ?? '', variable, namesIn(child(v, 'values')).map(plainArn))];
    const seen = resolve(v);
    if (seen.kind !== 'map') return [condition('', nameOf(v) ?? '', [])];
    return seen.entries.flatMap((operator) =>
      entries(operator.value).map((e) => condition(operator.key, e.key, namesIn(e.value).map(plainArn))),
    );
  });
}

/** A part of a document that is not written here. */
function kept(value: Value): Elsewhere[] {
  const name = nameOf(value);
  if (name === undefined) return [];
  return [{ text: name, references: value.kind === 'expression' ? value.references : [], line: value.line }];
}
