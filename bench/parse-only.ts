import { DockerfileParser } from 'dockerfile-ast';
import { parseTree } from 'jsonc-parser';
import { LineCounter, parseAllDocuments } from 'yaml';
import { parseHclOnly } from '../src/core/syntax/hcl.ts';

/** The parsers alone, on the same texts, with the options the readers use: what no classifier could do without. */
export function parseOnly(
  files: readonly { readonly path: string; readonly text: string; readonly reader: string }[],
): void {
  for (const { path, text, reader } of files) {
    if (/\.json$/.test(path)) parseTree(text, [], { allowTrailingComma: true });
    else if (reader === 'terraform') parseHclOnly(text);
    else if (/\.ya?ml$/.test(path))
      parseAllDocuments(text, { lineCounter: new LineCounter(), keepSourceTokens: false, uniqueKeys: false });
    else if (reader === 'dockerfile') DockerfileParser.parse(text);
  }
}
