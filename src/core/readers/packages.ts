import type { SourceFile } from '../model/change.ts';
import type { Reader } from './reader.ts';
import { LIMITS } from '../limits.ts';
import { doubtsOf } from '../syntax/doubts.ts';
import { dependencyResources, extraResources, type ReadManifest } from './packages/dependency.ts';
import { readCargo } from './packages/cargo.ts';
import { readGoMod } from './packages/go.ts';
import { readGradle, readVersionCatalog } from './packages/gradle.ts';
import { readPom } from './packages/maven.ts';
import { readComposerJson, readPackageJson } from './packages/npm.ts';
import { readNuget } from './packages/nuget.ts';
import { readPipfile, readPyproject, readSetupCfg, readSetupPy } from './packages/python-project.ts';
import { readRequirements } from './packages/python.ts';
import { readGemfile, readGemspec } from './packages/ruby.ts';

/** Manifest names, tried in this order. */
const MANIFESTS: readonly { readonly glob: string; readonly name: RegExp; readonly read: ReadManifest }[] = [
  { glob: 'package.json', name: /^package\.json$/i, read: readPackageJson },
  { glob: 'composer.json', name: /^composer\.json$/i, read: readComposerJson },
  { glob: '*requirements*.{txt,in}', name: /requirements.*\.(txt|in)$/i, read: readRequirements },
  { glob: 'requirements/*.{txt,in}', name: /^requirements\/[^/]+\.(txt|in)$/i, read: readRequirements },
  { glob: 'pyproject.toml', name: /^pyproject\.toml$/i, read: readPyproject },
  { glob: 'setup.cfg', name: /^setup\.cfg$/i, read: readSetupCfg },
  { glob: 'setup.py', name: /^setup\.py$/i, read: readSetupPy },
  { glob: 'Pipfile', name: /^Pipfile$/i, read: readPipfile },
  { glob: 'go.mod', name: /^go\.mod$/i, read: readGoMod },
  { glob: 'pom.xml', name: /^pom\.xml$/i, read: readPom },
  { glob: '*.gradle', name: /\.gradle$/i, read: readGradle },
  { glob: '*.gradle.kts', name: /\.gradle\.kts$/i, read: readGradle },
  { glob: '*.versions.toml', name: /\.versions\.toml$/i, read: readVersionCatalog },
  { glob: 'Cargo.toml', name: /^Cargo\.toml$/i, read: readCargo },
  { glob: '*.{cs,fs,vb}proj', name: /\.(cs|fs|vb)proj$/i, read: readNuget },
  { glob: 'Directory.Packages.props', name: /^Directory\.Packages\.props$/i, read: readNuget },
  { glob: 'packages.config', name: /^packages\.config$/i, read: readNuget },
  { glob: 'Gemfile', name: /^(Gemfile|gems\.rb)$/i, read: readGemfile },
  { glob: 'gems.rb', name: /^gems\.rb$/i, read: readGemfile },
  { glob: '*.gemspec', name: /\.gemspec$/i, read: readGemspec },
];

export const reader: Reader = {
  id: 'packages',
  title: 'Package manifests',
  about:
    'Direct dependencies in the manifests of npm, PyPI, Go, Maven, Gradle, Cargo, NuGet, RubyGems and Composer, additional registries and npm installation scripts. Lock files are left alone.',
  paths: MANIFESTS.map((m) => `**/${m.glob}`),
  priority: 92,
  unit: 'directory',
  everywhere: MANIFESTS.map((m) => `**/${m.glob}`),
  recognises: (file) => manifestReader(file.path) !== undefined,
  read: (files) => {
    const readings = files.map((f) => readFile(f, files));
    return {
      resources: readings.flatMap((r) => r.resources).slice(0, LIMITS.resources),
      doubts: readings.flatMap((r) => r.doubts),
    };
  },
};

/** Whether only the name decides, or for `requirements/` the folder too. */
function manifestReader(path: string): ReadManifest | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const withFolder = parts.slice(-2).join('/');
  return MANIFESTS.find((m) => m.name.test(m.glob.includes('/') ? withFolder : name))?.read;
}

function readFile(file: SourceFile, all: readonly SourceFile[]): ReturnType<Reader['read']> {
  const read = manifestReader(file.path);
  if (!read) return { resources: [], doubts: [] };
  const siblings = all.filter((f) => f !== file);
  if (file.text.length > LIMITS.fileChars) {
    const problem = {
      message: `The text has more than ${LIMITS.fileChars} characters`,
      line: 1,
      column: 1,
      limit: true,
    };
    return { resources: [], doubts: doubtsOf(file.path, 'a package manifest', [problem]) };
  }
  const manifest = read(file, siblings);
  return {
    resources: [
      ...dependencyResources(file.path, manifest.dependencies),
      ...extraResources(file.path, manifest.extras ?? []),
    ],
    doubts: doubtsOf(file.path, 'a package manifest', manifest.errors),
  };
}
