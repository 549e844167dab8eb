import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { entries, items, resolve } from '../values/value.ts';
import { canonical } from '../values/canonical.ts';
import { GRANTS } from './data.generated.ts';
import { isKubernetesRbac, kubernetesGrants } from './kubernetes-rbac.ts';
import { nameOf, namesIn, valuesAt } from './names.ts';
import { normalisePrincipal, plainArn } from './principal.ts';
import { condition, NOTHING, terms, type Condition, type Statement } from './statement.ts';
import type { GrantTable } from './tables.ts';
import { typeMatcher } from './type-match.ts';

const tableOf = typeMatcher(GRANTS.grants);

/** Arguments that Terraform itself takes; they say nothing about the grant. */
const META = new Set(['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'timeouts', 'etag', 'id']);

/** How this type of resource writes down grants, if it does so in its attributes. */
export function grantTable(type: string): GrantTable | undefined {
  return tableOf(type);
}

/** Whether the resource is a grant and nothing else, so that adding it is granting. */
export function isBinding(type: string): boolean {
  return isKubernetesRbac(type) || Boolean(tableOf(type)?.principals && !tableOf(type)?.each);
}

/** The grants that a resource's own attributes write down; empty for types that do not. */
export function bindingsOf(resource: Resource): readonly Statement[] {
  if (isKubernetesRbac(resource.type)) return kubernetesGrants(resource);
  const table = tableOf(resource.type);
  if (!table) return [];
  const blocks =
    table.each === undefined ? [resource.values] : valuesAt(resource.values, table.each).flatMap(items);
  return blocks.flatMap((block) => bindingOf(table, block, resource));
}

function bindingOf(table: GrantTable, block: Value, resource: Resource): Statement[] {
  const find = (path: string): readonly Value[] => {
    const own = valuesAt(block, path);
    return own.length > 0 || block === resource.values ? own : valuesAt(resource.values, path);
  };
  const names = (paths: readonly string[] = []): string[] => paths.flatMap((p) => find(p).flatMap(namesIn));
  const actions = (table.actions ?? []).flatMap((p) =>
    find(p)
      .flatMap(items)
      .filter((v) => !isDocument(v))
      .flatMap(namesIn)
      .map((n) => `${table.prefix?.[p] ?? ''}${spellAction(n)}`),
  );
  const excepted = names(table.except);
  if (actions.length === 0 && table.implied !== undefined) actions.push(table.implied);
  if (actions.length === 0 && excepted.length === 0) return [];
  const principals = names(table.principals);
  if (table.principals && principals.length === 0) return [];
  const granted: Statement = {
    system: table.system,
    effect: 'allow',
    principals: table.principals ? terms(principals.map((p) => spellPrincipal(table, p))) : NOTHING,
    actions: terms(actions),
    resources: terms(table.rest ? restOf(table, resource) : names(table.resources).map(plainArn)),
    conditions: (table.conditions ?? []).flatMap((p) => find(p).flatMap((v) => conditionsIn(p, v))),
    line: lineOf(table, block),
  };
  return [
    granted,
    ...(excepted.length > 0 ? [{ ...granted, effect: 'deny' as const, actions: terms(excepted) }] : []),
  ];
}

/** A policy written out in place of a name is told by its statements. */
const isDocument = (value: Value): boolean => entries(resolve(value)).some((e) => e.key === 'Statement');

/** Managed policies are known by name; the role's place in another project or account is part of it. */
function spellAction(name: string): string {
  return plainArn(name)
    .replace(/^arn:aws:iam::aws:policy\/(?:service-role\/|aws-service-role\/)?/, 'policy/')
    .replace(/^policy\/job-function\//, 'job-function/')
    .replace(/^\/subscriptions\/[^/]*\/providers\/Microsoft\.Authorization\/roleDefinitions\//i, '');
}

function spellPrincipal(table: GrantTable, name: string): string {
  if (table.marks !== undefined) return `${table.marks}${name}`;
  if (table.system !== 'aws') return name;
  if (name.endsWith('.amazonaws.com')) return normalisePrincipal('service', name);
  return /^(?:\*|\d{12}|arn:.*:root|all)$/.test(name)
    ? normalisePrincipal('aws', name === 'all' ? '*' : name)
    : plainArn(name);
}

/** What the grant is on, when every other attribute has a say in it: `bucket=logs`, one text. */
function restOf(table: GrantTable, resource: Resource): string[] {
  const used = new Set(
    [...(table.principals ?? []), ...(table.actions ?? []), ...(table.conditions ?? [])].map((p) =>
      p.toLowerCase(),
    ),
  );
  const parts = entries(resource.values)
    .filter((e) => !used.has(e.key.toLowerCase()) && !META.has(e.key))
    .flatMap((e) => {
      const name = nameOf(e.value);
      return name === undefined ? [] : [`${e.key}=${name}`];
    });
  return parts.length > 0 ? [parts.sort().join(' ')] : [];
}

function conditionsIn(path: string, value: Value): Condition[] {
  const key = path.split('.').at(-1) ?? path;
  return items(value).flatMap((v) => {
    const seen = resolve(v);
    if (seen.kind === 'map') {
      // Titles and descriptions of a condition are for people.
      const meant = seen.entries.filter((e) => !['title', 'description'].includes(e.key));
      return [
        condition(
          'where',
          key,
          meant.map((e) => `${e.key}: ${nameOf(e.value) ?? canonical(e.value, 'effective')}`),
        ),
      ];
    }
    const name = nameOf(v);
    return name === undefined ? [] : [condition('equals', key, [plainArn(name)])];
  });
}

function lineOf(table: GrantTable, block: Value): number {
  const shown = [...(table.actions ?? []), ...(table.principals ?? [])].flatMap((p) => valuesAt(block, p))[0];
  return shown?.line ?? block.line;
}
