import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { get, items } from '../values/value.ts';
import { child, nameOf, namesIn, valuesAt } from './names.ts';
import { condition, NOTHING, terms, type Statement } from './statement.ts';

const ROLES = /^(?:Cluster)?Role$|^kubernetes_(?:cluster_)?role(?:_v1)?$/;
const BINDINGS = /^(?:Cluster)?RoleBinding$|^kubernetes_(?:cluster_)?role_binding(?:_v1)?$/;

/** Rules of roles and bindings of subjects, written as manifests or in Terraform; nothing for other types. */
export function kubernetesGrants(resource: Resource): readonly Statement[] {
  if (ROLES.test(resource.type)) return rulesOf(resource);
  return BINDINGS.test(resource.type) ? [bindingOf(resource)] : [];
}

/** Whether a type is Kubernetes RBAC. */
export const isKubernetesRbac = (type: string): boolean => ROLES.test(type) || BINDINGS.test(type);

/** Verbs are actions; what they act on is `group/resource` with `core` for the unnamed group. */
function rulesOf(resource: Resource): Statement[] {
  const rules = get(resource.values, 'rules') ?? get(resource.values, 'rule');
  const aggregated = get(resource.values, 'aggregationRule') ?? get(resource.values, 'aggregation_rule');
  const own = items(rules).map(ruleOf);
  return aggregated ? [...own, aggregation(aggregated)] : own;
}

function ruleOf(rule: Value): Statement {
  const groups = groupsIn(child(rule, 'apiGroups', 'api_groups'));
  const kinds = namesIn(child(rule, 'resources'));
  const urls = namesIn(child(rule, 'nonResourceURLs', 'non_resource_urls'));
  const only = namesIn(child(rule, 'resourceNames', 'resource_names'));
  return {
    system: 'kubernetes',
    effect: 'allow',
    principals: NOTHING,
    actions: terms(namesIn(child(rule, 'verbs')).map((v) => v.toLowerCase())),
    resources: terms([
      ...groups.slice(0, 200).flatMap((g) => kinds.slice(0, 500).map((k) => `${g}/${k}`)),
      ...urls,
    ]),
    conditions: only.length > 0 ? [condition('named', 'resource', only)] : [],
    line: rule.line,
  };
}

/** The empty group name is the core group; `nameOf` rightly takes an empty text for nothing, so it is read here. */
function groupsIn(value: Value | undefined): readonly string[] {
  const names = items(value).map((v) => nameOf(v) ?? 'core');
  return names.length > 0 ? names : ['core'];
}

function aggregation(value: Value): Statement {
  const labels = valuesAt(value, 'clusterRoleSelectors.matchLabels').flatMap((v) => nameOf(v) ?? []);
  return {
    system: 'kubernetes',
    effect: 'allow',
    principals: NOTHING,
    actions: terms(['aggregate']),
    resources: terms(labels),
    conditions: [],
    line: value.line,
  };
}

function bindingOf(resource: Resource): Statement {
  const role = get(resource.values, 'roleRef') ?? items(get(resource.values, 'role_ref'))[0];
  const subjects = items(get(resource.values, 'subjects') ?? get(resource.values, 'subject'));
  const namespace = nameOf(valuesAt(resource.values, 'metadata.namespace')[0]);
  const everywhere = /cluster/i.test(resource.type);
  return {
    system: 'kubernetes',
    effect: 'allow',
    principals: terms(subjects.map((s) => subjectOf(s, namespace))),
    actions: terms([`${nameOf(child(role, 'kind')) ?? 'Role'}/${nameOf(child(role, 'name')) ?? ''}`]),
    resources: everywhere ? terms(['*']) : NOTHING,
    conditions: [],
    line: role?.line ?? resource.span.startLine,
  };
}

function subjectOf(subject: Value, namespace: string | undefined): string {
  const kind = nameOf(child(subject, 'kind')) ?? 'User';
  const name = nameOf(child(subject, 'name')) ?? '';
  if (kind !== 'ServiceAccount') return `${kind}:${name}`;
  return `ServiceAccount:${nameOf(child(subject, 'namespace')) ?? namespace ?? '-'}/${name}`;
}
