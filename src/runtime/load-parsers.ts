import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initParsers, type ParserAssets } from '../core/syntax/parsers.ts';

let ready: Promise<void> | undefined;

/** Makes the parsers of the core ready. Costs nothing when called again. */
export function loadParsers(): Promise<void> {
  return (ready ??= readAssets().then(initParsers));
}

/** The one place that knows where the bytes are: a bundle replaces this module by imports of the two files. */
async function readAssets(): Promise<ParserAssets> {
  const { resolve } = createRequire(import.meta.url);
  const [treeSitter, hcl] = await Promise.all([
    readFile(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm')),
  ]);
  return { treeSitter, hcl };
}
