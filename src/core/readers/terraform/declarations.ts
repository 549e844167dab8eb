import type { Reference } from '../../model/resource.ts';
import type { MapValue } from '../../model/value.ts';
import type { HclAttribute, HclBlock, HclExpression, HclItem, HclStep } from '../../syntax/hcl-tree.ts';
import { entry, map } from '../../values/value.ts';
import { readReferences, readValues, referencesOf } from './bodies.ts';
import type { Declaration } from './declaration.ts';
import { evaluate } from './evaluate.ts';
import type { TerraformFile } from './files.ts';
import { UNBOUND } from './mentions.ts';
import type { Scope } from './scope.ts';
import { readTfvars } from './tfvars.ts';

/** Everything one file declares. */
export function readDeclarations(file: TerraformFile, scope: Scope): Declaration[] {
  if (file.kind === 'values') return readTfvars(file, scope);
  return file.items.flatMap((item) => (item.kind === 'block' ? readBlock(item, file.path, scope) : []));
}

/** Blocks that speak about resources without being one. */
const SILENT: ReadonlySet<string> = new Set(['moved', 'removed', 'import', 'check']);
/** What addresses start with, where that is not the block's own type. */
const prefixOf = (type: string): string => (type === 'variable' ? 'var' : type);
/** Blocks whose first label is the type of the thing. */
const TYPED: ReadonlySet<string> = new Set(['resource', 'data', 'ephemeral', 'action']);

function readBlock(block: HclBlock, file: string, scope: Scope): Declaration[] {
  if (SILENT.has(block.type)) return [];
  if (block.type === 'locals') return attributesOf(block).map((local) => readLocal(local, file, scope));
  if (block.type === 'terraform') return readSettings(block, file, scope);
  const identity = TYPED.has(block.type) ? identifyTyped(block) : identifyNamed(block);
  return identity ? [readWhole(identity, qualified(block), file, scope)] : [];
}

type Identity = Pick<Declaration, 'address' | 'type' | 'name'>;

function identifyTyped(block: HclBlock): Identity | undefined {
  const [type, name] = block.labels;
  if (type === undefined || name === undefined) return undefined;
  const prefix = block.type === 'resource' ? '' : `${block.type}.`;
  return { address: `${prefix}${type}.${name}`, type, name };
}

function identifyNamed(block: HclBlock): Identity | undefined {
  const [label] = block.labels;
  if (label === undefined) return undefined;
  const alias = block.type === 'provider' ? aliasOf(block) : undefined;
  const name = alias === undefined ? block.labels.join('.') : `${label}.${alias}`;
  return { address: `${prefixOf(block.type)}.${name}`, type: block.type, name };
}

function aliasOf(block: HclBlock): string | undefined {
  const alias = attributesOf(block).find((item) => item.name === 'alias')?.value;
  return alias?.kind === 'literal' && typeof alias.value === 'string' ? alias.value : undefined;
}

function attributesOf(block: HclBlock): HclAttribute[] {
  return block.body.filter((item): item is HclAttribute => item.kind === 'attribute');
}

/** `provider = aws.west` names the provider, not a resource of a type `aws`: written out as `provider.aws.west`. */
function qualified(block: HclBlock): HclBlock {
  if (!block.body.some((item) => item.kind === 'attribute' && /^providers?$/.test(item.name))) return block;
  const body = block.body.map((item): HclItem => {
    if (item.kind !== 'attribute') return item;
    if (item.name === 'provider') return { ...item, value: qualify(item.value) };
    if (item.name !== 'providers' || item.value.kind !== 'object') return item;
    const entries = item.value.entries.map((e) => ({ ...e, key: plainKey(e.key), value: qualify(e.value) }));
    return { ...item, value: { ...item.value, entries } };
  });
  return { ...block, body };
}

function qualify(value: HclExpression): HclExpression {
  if (value.kind !== 'traversal') return value;
  const first: HclStep = { kind: 'attribute', name: value.root };
  return { ...value, root: 'provider', steps: [first, ...value.steps] };
}

/** `aws.east = aws.west`: the key is a name as well, inside the module. */
function plainKey(key: HclExpression): HclExpression {
  if (key.kind !== 'traversal') return key;
  const names = key.steps.map((step) => (step.kind === 'attribute' ? step.name : ''));
  return { kind: 'literal', value: [key.root, ...names].join('.'), line: key.line };
}

function readWhole(identity: Identity, block: HclBlock, file: string, scope: Scope): Declaration {
  const values = readValues(block.body, block.line, scope);
  const references = readReferences(block.body, UNBOUND);
  return declare(identity, file, block, values, references);
}

function declare(
  identity: Identity,
  file: string,
  lines: { readonly line: number; readonly endLine: number },
  values: MapValue,
  references: readonly Reference[],
): Declaration {
  const span = { startLine: lines.line, endLine: lines.endLine };
  const others = references.filter((reference) => reference.to !== identity.address);
  return { ...identity, file, span, values, references: others };
}

function readLocal(local: HclAttribute, file: string, scope: Scope): Declaration {
  const identity = { address: `local.${local.name}`, type: 'local', name: local.name };
  const values = map([entry('value', evaluate(local.value, scope), local.line)], local.line);
  return declare(identity, file, local, values, referencesOf(local.value, 'value', UNBOUND));
}

/** The `terraform` block: where state is kept, and which providers are trusted. */
function readSettings(block: HclBlock, file: string, scope: Scope): Declaration[] {
  return block.body.flatMap((item) => {
    if (item.kind !== 'block') return [];
    if (item.type === 'required_providers')
      return attributesOf(item).map((provider) => readRequiredProvider(provider, file, scope));
    const name = item.type === 'backend' ? item.labels[0] : item.type === 'cloud' ? 'cloud' : undefined;
    if (name === undefined) return [];
    return [readWhole({ address: `backend.${name}`, type: 'backend', name }, item, file, scope)];
  });
}

function readRequiredProvider(provider: HclAttribute, file: string, scope: Scope): Declaration {
  const { name } = provider;
  const identity = { address: `required_provider.${name}`, type: 'required_provider', name };
  const value = evaluate(provider.value, scope);
  const values = value.kind === 'map' ? value : map([entry('version', value, provider.line)], provider.line);
  return declare(identity, file, provider, values, []);
}
