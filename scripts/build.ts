/**
 * Bundles the command line and the Action into `dist/`, with the parsers' WebAssembly inside, so that they run without
 * node_modules. The command line is one small entry and chunks that are loaded when they are needed; the Action is one file,
 * which is committed because GitHub runs it from there.
 *
 * `node scripts/build.ts [cli | action | --check]`: both, one of them, or whether what is committed is what the sources give.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Puts the two WebAssembly files where the loader would read them from node_modules. */
const embedParsers: Plugin = {
  name: 'embed-parsers',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]src[\\/]runtime[\\/]load-parsers\.ts$/ }, () => ({
      contents: `
        import treeSitter from 'web-tree-sitter/web-tree-sitter.wasm';
        import hcl from '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm';
        import { initParsers } from '../core/syntax/parsers.ts';
        export const loadParsers = () => initParsers({ treeSitter, hcl });
      `,
      loader: 'ts',
      resolveDir: join(root, 'src/runtime'),
    }));
  },
};

/** Puts the registration of the App inside, where the source reads it from beside package.json. */
const embedRegistration: Plugin = {
  name: 'embed-registration',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]src[\\/]app[\\/]registration\.ts$/ }, () => ({
      contents: `
        import text from '../../app.yml';
        export const registration = () => text;
      `,
      loader: 'ts',
      resolveDir: join(root, 'src/app'),
    }));
  },
};

/**
 * What only `serve` needs is not bundled: these packages load parts of themselves by name at run time, and whoever runs the
 * service has them installed. Everything else runs from the bundle alone.
 */
const SERVICE_PACKAGES = ['kysely', 'pg', 'pino', 'probot', 'prom-client'];

/** What makes the PDF of a package, with its fonts: whoever only verifies one can do without. */
const PDF_PACKAGES = ['pdfkit', '@fontsource/dejavu-sans'];

/** Messages of schemas in forty languages; ours are English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(bundled) {
    bundled.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const SHARED = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'binary', '.yml': 'text' },
  legalComments: 'none',
  // Packages that are still CommonJS ask for `require` at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** Writes `cli.js` and its chunks into a folder, in place of those that were there. */
export async function bundle(outdir: string): Promise<void> {
  for (const old of ['cli.js', 'analysis-thread.js', 'export-thread.js', 'chunks'])
    rmSync(join(outdir, old), { recursive: true, force: true });
  await build({
    ...SHARED,
    entryPoints: {
      cli: 'src/cli/main.ts',
      'analysis-thread': 'src/runtime/analysis-thread.ts',
      'export-thread': 'src/web/export-thread.ts',
    },
    outdir,
    splitting: true,
    external: [...SERVICE_PACKAGES, ...PDF_PACKAGES],
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [embedParsers, embedRegistration, englishOnly],
  });
  chmodSync(join(outdir, 'cli.js'), 0o755);
}

/**
 * `@actions/core` brings a whole HTTP client, which it needs for nothing but tokens of identity; the Action asks for none.
 */
const withoutIdentity: Plugin = {
  name: 'without-identity',
  setup(bundled) {
    bundled.onLoad({ filter: /[\\/]@actions[\\/]core[\\/]lib[\\/]oidc-utils\.js$/ }, () => ({
      contents: 'export class OidcClient {}',
    }));
  },
};

export interface ActionBundle {
  readonly code: string;
  /** Names and licences of the packages inside. */
  readonly licences: string;
  /** Bytes by package; `threatgate` is our own. */
  readonly parts: ReadonlyMap<string, number>;
}

/** The Action: one file, for GitHub runs it as it lies in the repository. The same sources give the same bytes. */
export async function bundleAction(): Promise<ActionBundle> {
  const { outputFiles, metafile } = await build({
    ...SHARED,
    entryPoints: ['src/action/main.ts'],
    outfile: 'dist/index.js',
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    metafile: true,
    plugins: [embedParsers, withoutIdentity, englishOnly],
  });
  const parts = new Map<string, number>();
  const inputs = Object.values(metafile.outputs)[0]?.inputs ?? {};
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'threatgate';
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return { code: outputFiles[0]?.text ?? '', licences: licencesOf(Object.keys(inputs)), parts };
}

/** What the licences of the packages ask for: their own words, beside the code. */
function licencesOf(paths: readonly string[]): string {
  const folders = paths.flatMap((p) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(p)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const at = join(root, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(at)
      .sort()
      .find((f) => /^licen[cs]e/i.test(f));
    const text = file === undefined ? '' : `\n${readFileSync(join(at, file), 'utf8').trim()}\n`;
    return `${name} ${version}\n${license}\n${text}`;
  });
  return texts.join('\n----\n\n');
}

const ACTION = [
  ['dist/index.js', 'code'],
  ['dist/licenses.txt', 'licences'],
] as const;

/** Writes the files of the Action, or tells which differ from what their sources give. */
async function action(check: boolean): Promise<readonly string[]> {
  const made = await bundleAction();
  const stale: string[] = [];
  for (const [file, part] of ACTION) {
    const path = join(root, file);
    if (!check) writeFileSync(path, made[part]);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== made[part]) stale.push(file);
  }
  return stale;
}

async function main(what: string | undefined): Promise<number> {
  if (what === undefined || what === 'cli') await bundle(join(root, 'dist'));
  if (what === undefined || what === 'action') await action(false);
  if (what !== '--check') return 0;
  const stale = await action(true);
  if (stale.length > 0)
    console.error(`Not what the sources give: ${stale.join(', ')}. Run \`npm run build\` and commit them.`);
  return stale.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main(process.argv[2]);
