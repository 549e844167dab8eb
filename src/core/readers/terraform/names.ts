import type { Value } from '../../model/value.ts';
import type { HclAttribute, HclExpression } from '../../syntax/hcl-tree.ts';
import { createRenderer } from '../../syntax/hcl-text.ts';
import { evaluate } from './evaluate.ts';
import type { TerraformFile } from './files.ts';
import { UNBOUND } from './mentions.ts';
import { createAllowance, namesIn, type Scope } from './scope.ts';

/** What the files of one directory make of `var.x` and `local.x`. */
export function readScope(files: readonly TerraformFile[]): Scope {
  const bare: Scope = {
    variables: new Map(),
    locals: new Map(),
    bindings: new Map(),
    bound: UNBOUND,
    render: createRenderer(),
    allowance: createAllowance(),
  };
  const scope = { ...bare, variables: readVariables(files, bare) };
  return { ...scope, locals: readLocals(files, scope) };
}

/** Defaults, overruled by the files of values that are loaded without being asked for. */
function readVariables(files: readonly TerraformFile[], scope: Scope): Map<string, Value> {
  const variables = new Map<string, Value>();
  for (const block of inOrder(files).flatMap((file) => file.items)) {
    if (block.kind !== 'block' || block.type !== 'variable') continue;
    const [name] = block.labels;
    const given = block.body.find((item) => item.kind === 'attribute' && item.name === 'default');
    if (name !== undefined && given?.kind === 'attribute') variables.set(name, evaluate(given.value, scope));
  }
  for (const file of automatic(files))
    for (const item of file.items)
      if (item.kind === 'attribute') variables.set(item.name, evaluate(item.value, scope));
  return variables;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Configuration in the order in which later declarations overrule earlier ones. */
function inOrder(files: readonly TerraformFile[]): TerraformFile[] {
  const overrides = (file: TerraformFile): boolean =>
    /(^|_)override\.(tf|tofu)(\.json)?$/.test(baseName(file.path));
  const configuration = files.filter((file) => file.kind === 'configuration');
  return [...configuration.filter((f) => !overrides(f)), ...configuration.filter(overrides)];
}

/** `terraform.tfvars`, then its JSON twin, then `*.auto.tfvars` by name. */
function automatic(files: readonly TerraformFile[]): TerraformFile[] {
  const values = files.filter((file) => file.kind === 'values');
  const named = (name: string): TerraformFile[] => values.filter((file) => baseName(file.path) === name);
  const auto = values.filter((file) => /\.auto\.tfvars(\.json)?$/.test(file.path));
  return [...named('terraform.tfvars'), ...named('terraform.tfvars.json'), ...auto];
}

/**
 * Locals in an order in which each is known before it is used. Locals that use each other in a circle, and those that
 * use such, come last and stay unresolved, whatever the order in which they are written.
 */
function readLocals(files: readonly TerraformFile[], scope: Scope): Map<string, Value> {
  const expressions = new Map<string, HclExpression>();
  for (const file of inOrder(files))
    for (const { name, value } of localsOf(file)) expressions.set(name, value);
  const locals = new Map<string, Value>();
  const inner = { ...scope, locals };
  const waiting = new Map<string, number>();
  const users = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [name, expression] of expressions) {
    const needs = namesIn(expression, UNBOUND).flatMap((used) => localName(used, expressions) ?? []);
    waiting.set(name, needs.length);
    if (needs.length === 0) ready.push(name);
    for (const need of needs) {
      const known = users.get(need);
      if (known) known.push(name);
      else users.set(need, [name]);
    }
  }
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const expression = expressions.get(name);
    if (expression) locals.set(name, evaluate(expression, inner));
    for (const user of users.get(name) ?? []) {
      const left = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return locals;
}

function localName(address: string, known: ReadonlyMap<string, unknown>): string | undefined {
  const name = address.startsWith('local.') ? address.slice('local.'.length) : undefined;
  return name !== undefined && known.has(name) ? name : undefined;
}

/** Every local of a file. */
export function localsOf(file: TerraformFile): HclAttribute[] {
  return file.items.flatMap((item) =>
    item.kind === 'block' && item.type === 'locals'
      ? item.body.filter((local): local is HclAttribute => local.kind === 'attribute')
      : [],
  );
}
