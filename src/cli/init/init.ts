import { lstat, mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { classify } from '../../core/classify.ts';
import { buildGraph } from '../../core/graph/build.ts';
import { BUILT_IN_POLICY } from '../../core/policy/defaults.generated.ts';
import { terminal } from '../../core/report/escape.ts';
import { STARTER_MODEL } from '../../core/report/guide.ts';
import { count } from '../../core/report/outline.ts';
import { POLICY_PATH } from '../../core/selection.ts';
import { writeStarterModel } from '../../core/starter/starter-model.ts';
import { writeStarterPolicy } from '../../core/starter/starter-policy.ts';
import { openRepository, type GitRepository } from '../../local/git-repository.ts';
import { WORKTREE, withWorktree } from '../../local/worktree.ts';
import { UserError } from '../../review/errors.ts';
import { survey, type Survey } from '../../review/survey.ts';
import { loadParsers } from '../../runtime/load-parsers.ts';
import { EXIT, type Arguments, type Io } from '../command.ts';

interface Proposal {
  readonly path: string;
  readonly text: string;
}

/** The command: look, propose, write what is not there yet. */
export async function init({ values }: Arguments, io: Io): Promise<number> {
  const dir = resolve(io.cwd, typeof values['repo'] === 'string' ? values['repo'] : '.');
  const [opened] = await Promise.all([openRepository(dir), loadParsers()]);
  const seen = await survey(withWorktree(opened), WORKTREE, BUILT_IN_POLICY, 'everything');
  const proposals = propose(opened, seen);
  io.out(`${summary(seen)}\n`);
  if (values['dry-run'] === true) {
    for (const { path, text } of proposals)
      io.out(`\n--- ${path}\n${text.split('\n').map(terminal).join('\n')}`);
    return EXIT.pass;
  }
  for (const proposal of proposals) io.out(`${await put(opened, proposal, values['force'] === true)}\n`);
  io.out('\nNext: read both, commit them, and try `threatgate check --worktree` on your next change.\n');
  return EXIT.pass;
}

function summary(seen: Survey): string {
  const stacks = [...new Set(seen.resources.map((r) => r.stack))].sort();
  const what =
    stacks.length > 0
      ? `${count(seen.resources.length, 'resource')} (${stacks.join(', ')})`
      : 'nothing that declares resources';
  const models = seen.models.map((m) => terminal(m.file)).join(', ');
  const notes = seen.doubts.map((d) => `\n  ? ${terminal(d.message)}`);
  return `Looked at ${count(seen.files, 'file')}: ${what}; ${models === '' ? 'no threat model' : `threat model ${models}`}.${notes.join('')}`;
}

function propose(repository: GitRepository, seen: Survey): readonly Proposal[] {
  const isNew = seen.models.length === 0;
  const models = isNew ? [STARTER_MODEL] : seen.models.map((m) => m.file);
  const policy = {
    path: POLICY_PATH,
    text: writeStarterPolicy({ models, architecture: architectureOf(seen) }),
  };
  return isNew ? [policy, { path: STARTER_MODEL, text: modelOf(repository, seen) }] : [policy];
}

/** The gate's own classification of the whole repository as one addition: exactly what the gate would ask about. */
function modelOf(repository: GitRepository, seen: Survey): string {
  const files = seen.texts.map(({ path, text }) => ({
    path,
    status: 'added' as const,
    head: { kind: 'text' as const, text },
  }));
  const change = { repository: repository.name, base: '', head: WORKTREE, files, context: [], doubts: [] };
  const { facts } = classify(change, BUILT_IN_POLICY);
  return writeStarterModel({ system: repository.name, facts, graph: buildGraph(seen.resources) });
}

/** Kinds of file whose reading must not fail silently: those that were read here as declarations of infrastructure. */
function architectureOf(seen: Survey): readonly string[] {
  const endings = new Set<string>();
  for (const { file, stack } of seen.resources) {
    const ending = /\.(?:tf|tofu|bicep)(?:\.json)?$/i.exec(file)?.[0];
    if (ending) endings.add(`**/*${ending.toLowerCase()}`);
    else if (stack === 'github-actions') endings.add('.github/workflows/*');
  }
  return [...endings].sort();
}

/** Writes a file that is not there, or says that it is. Never through a link that leads out of the repository. */
async function put(repository: GitRepository, { path, text }: Proposal, force: boolean): Promise<string> {
  const full = join(repository.root, path);
  await mkdir(dirname(full), { recursive: true });
  const root = await realpath(repository.root);
  const folder = await realpath(dirname(full));
  if (folder !== root && !folder.startsWith(root + sep))
    throw new UserError(
      `${dirname(path)} leads out of the repository, so nothing was written there.`,
      'Replace the link by a folder.',
    );
  const exists = await lstat(full).then(
    () => true,
    () => false,
  );
  if (exists && !force) return `kept ${path}: it exists (--force overwrites it)`;
  // By way of a new file and a rename: a link of that name is replaced, not followed, and a crash leaves no half file.
  const fresh = `${full}.threatgate-new`;
  await writeFile(fresh, text, { flag: 'wx' });
  await rename(fresh, full);
  return `${exists ? 'overwrote' : 'wrote'} ${path}`;
}
