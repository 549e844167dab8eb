import { Language, Parser } from 'web-tree-sitter';

/** The two WebAssembly files behind the HCL syntax, as bytes: the engine and the grammar. */
export interface ParserAssets {
  readonly treeSitter: Uint8Array;
  readonly hcl: Uint8Array;
}

let hcl: { readonly parser: Parser; readonly language: Language } | undefined;
let pending: Promise<void> | undefined;

/** Must have been awaited once before anything reads HCL; later calls return at once. The only asynchronous step of the core. */
export function initParsers(assets: ParserAssets): Promise<void> {
  pending ??= load(assets);
  return pending;
}

async function load(assets: ParserAssets): Promise<void> {
  await Parser.init({ wasmBinary: assets.treeSitter });
  const language = await Language.load(assets.hcl);
  const parser = new Parser();
  parser.setLanguage(language);
  hcl = { parser, language };
}

/** Throws when `initParsers` was not awaited: a mistake of the caller, never of the text. */
export function hclParser(): { readonly parser: Parser; readonly language: Language } {
  if (!hcl) throw new Error('The HCL parser is not loaded. Await initParsers() before reading.');
  return hcl;
}
