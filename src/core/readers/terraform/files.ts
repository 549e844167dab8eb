import type { SourceFile } from '../../model/change.ts';
import type { HclItem } from '../../syntax/hcl-tree.ts';
import type { SyntaxProblem } from '../../syntax/problem.ts';
import { readHcl } from '../../syntax/hcl.ts';
import { readJsonConfiguration, readJsonValues } from './json-files.ts';

/** One file of a directory, in one shape for both syntaxes. */
export interface TerraformFile {
  readonly path: string;
  /** Blocks (`*.tf`), or values of variables (`*.tfvars`). */
  readonly kind: 'configuration' | 'values';
  readonly items: readonly HclItem[];
  readonly problems: readonly SyntaxProblem[];
}

/** Unchanged files of a module are the same object on both sides of a change: they are parsed once. */
const parsed = new WeakMap<SourceFile, TerraformFile>();

export function readTerraformFile(file: SourceFile): TerraformFile {
  const known = parsed.get(file);
  if (known) return known;
  const made = parse(file);
  parsed.set(file, made);
  return made;
}

function parse({ path, text }: SourceFile): TerraformFile {
  const json = path.toLowerCase().endsWith('.json');
  const kind = /\.tfvars(\.json)?$/i.test(path) ? 'values' : 'configuration';
  if (!json) {
    const { body, errors } = readHcl(text);
    return { path, kind, items: body, problems: errors };
  }
  return { path, kind, ...(kind === 'values' ? readJsonValues(text) : readJsonConfiguration(text)) };
}
