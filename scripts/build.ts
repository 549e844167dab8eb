/**
 * Bundles the command line into `dist/`: one small entry and chunks that are loaded when they are needed, with the
 * parsers' WebAssembly inside, so that it runs without node_modules.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

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

/** Writes `cli.js` and its chunks into a folder, which is emptied first. */
export async function bundle(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts', 'analysis-thread': 'src/runtime/analysis-thread.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    loader: { '.wasm': 'binary', '.yml': 'text' },
    external: SERVICE_PACKAGES,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    // Packages that are still CommonJS ask for `require` at run time.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    plugins: [embedParsers, embedRegistration],
  });
  chmodSync(join(outdir, 'cli.js'), 0o755);
}

if (import.meta.main) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: { threatgate: string };
  };
  await bundle(join(root, dirname(manifest.bin.threatgate)));
}
