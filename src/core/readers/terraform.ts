import type { SourceFile } from '../model/change.ts';
import type { Doubt } from '../model/doubt.ts';
import type { Resource } from '../model/resource.ts';
import { LIMITS } from '../limits.ts';
import { doubtsOf } from '../syntax/doubts.ts';
import type { Reader, Reading } from './reader.ts';
import type { Declaration } from './terraform/declaration.ts';
import { readDeclarations } from './terraform/declarations.ts';
import { readTerraformFile } from './terraform/files.ts';
import { readMoves } from './terraform/moves.ts';
import { readScope } from './terraform/names.ts';

const OURS = /\.(tf|tofu|tfvars)(\.json)?$/i;

export const reader: Reader = {
  id: 'terraform',
  title: 'Terraform and OpenTofu',
  about:
    'Resources, data sources, modules, providers, variables, locals, outputs, state backends and variable values of one directory, in HCL or JSON syntax; expressions are resolved as far as the directory itself tells. Lock files and tests are left alone.',
  paths: ['**/*.tf', '**/*.tf.json', '**/*.tofu', '**/*.tofu.json', '**/*.tfvars', '**/*.tfvars.json'],
  priority: 100,
  unit: 'directory',
  recognises: (file) => OURS.test(file.path),
  read: readDirectory,
};

function readDirectory(sources: readonly SourceFile[]): Reading {
  const files = sources.map(readTerraformFile);
  const doubts = files.flatMap((file) => doubtsOf(file.path, 'Terraform', file.problems));
  const [first] = sources;
  if (!first) return { resources: [], doubts };
  const scope = readScope(files);
  const declarations: Declaration[] = [];
  for (const file of files) {
    for (const declaration of readDeclarations(file, scope)) declarations.push(declaration);
    if (declarations.length <= LIMITS.resources) continue;
    declarations.length = LIMITS.resources;
    doubts.push(tooMany(file.path));
    break;
  }
  const directory = first.path.slice(0, Math.max(0, first.path.lastIndexOf('/')));
  if (scope.allowance.exhausted) doubts.push(tooEntangled(first.path, directory));
  return { resources: name(declarations, directory, readMoves(files)), doubts };
}

/** Gives every declaration its own address: a repeated one, which Terraform refuses, is still shown, as `address#2`. */
function name(
  declarations: readonly Declaration[],
  scope: string,
  moves: ReadonlyMap<string, readonly string[]>,
): Resource[] {
  const uses = new Map<string, number>();
  return declarations.map((declaration) => {
    const use = (uses.get(declaration.address) ?? 0) + 1;
    uses.set(declaration.address, use);
    const movedFrom = use === 1 ? moves.get(declaration.address) : undefined;
    const address = use === 1 ? declaration.address : `${declaration.address}#${use}`;
    return { stack: 'terraform', scope, ...declaration, address, ...(movedFrom ? { movedFrom } : {}) };
  });
}

function tooMany(file: string): Doubt {
  return {
    code: 'parse-limit',
    message: `The directory of \`${file}\` declares more than ${LIMITS.resources} things; the others were not read`,
    remedy: 'Split the directory into modules.',
    file,
    weight: 'doubt',
  };
}

function tooEntangled(file: string, directory: string): Doubt {
  return {
    code: 'parse-limit',
    message: `Variables and locals of \`${directory || '.'}\` come to more values than are followed; some references stay as written`,
    remedy: 'Make locals that multiply each other smaller, or have a reviewer look at what they come to.',
    file,
    weight: 'doubt',
  };
}
