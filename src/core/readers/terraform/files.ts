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

export function readTerraformFile({ path, text }: SourceFile): TerraformFile {
  const json = path.toLowerCase().endsWith('.json');
  const kind = /\.tfvars(\.json)?$/i.test(path) ? 'values' : 'configuration';
  if (!json) {
    const { body, errors } = readHcl(text);
    return { path, kind, items: body, problems: errors };
  }
  return { path, kind, ...(kind === 'values' ? readJsonValues(text) : readJsonConfiguration(text)) };
}
