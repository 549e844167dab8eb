import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { qualityFindings } from '../../core/formats/quality.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { ThreatModel } from '../../core/model/threat-model.ts';
import { terminal } from '../../core/report/escape.ts';
import { count } from '../../core/report/outline.ts';
import { paint, prose, wrap, type Style, type Terminal } from '../../core/report/text.ts';
import { POLICY_PATH } from '../../core/selection.ts';
import { openRepository, type GitRepository } from '../../local/git-repository.ts';
import { WORKTREE, withWorktree } from '../../local/worktree.ts';
import { UserError } from '../../review/errors.ts';
import { readPolicy, usePolicy, type PolicyReading } from '../../review/read-policy.ts';
import { survey, type Survey } from '../../review/survey.ts';
import { EXIT, type Arguments, type Io } from '../command.ts';

interface Finding {
  readonly level: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly file: string;
  readonly line: number;
}

/** The command: every threat model (and the policy) as it is on disk, or in HEAD of a bare repository. */
export async function lint({ values, positionals }: Arguments, io: Io): Promise<number> {
  const dir = resolve(io.cwd, typeof values['repo'] === 'string' ? values['repo'] : '.');
  const opened = await openRepository(dir);
  const repository = opened.bare ? opened : withWorktree(opened);
  const commit = opened.bare ? await opened.resolve('HEAD') : WORKTREE;
  const rules =
    typeof values['policy'] === 'string'
      ? await policyFrom(values['policy'], io)
      : await readPolicy(repository, commit);
  const named = positionals.map((file) => pathInRepository(opened, file, io));
  const seen = await survey(repository, commit, including(rules.policy, named), 'models');
  const findings = [...policyFindings(rules), ...modelFindings(seen, rules.policy), ...absent(named, seen)];
  const shown = named.length === 0 ? findings : findings.filter((f) => named.includes(f.file));
  const t: Terminal = { columns: io.columns, colour: io.colour && values['no-color'] !== true };
  const models = named.length === 0 ? seen.models : seen.models.filter((m) => named.includes(m.file));
  io.out(render(shown, models, t));
  return shown.some((f) => f.level === 'error') ? EXIT.blocked : EXIT.pass;
}

async function policyFrom(file: string, io: Io): Promise<PolicyReading> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UserError(`The policy ${file} could not be read.`, 'Check the path given with --policy.', {
      cause,
    });
  });
  return usePolicy(text, file);
}

function pathInRepository(repository: GitRepository, file: string, io: Io): string {
  const path = relative(repository.root, resolve(io.cwd, file)).split(sep).join('/');
  if (path !== '' && !path.startsWith('../') && path !== '..') return path;
  throw new UserError(
    `${file} is outside the repository.`,
    'Name a file inside it, or another repository with --repo.',
  );
}

/** A file that was named is taken for a model, wherever it is. */
function including(policy: Policy, named: readonly string[]): Policy {
  if (named.length === 0) return policy;
  // A path is not a glob: what a glob would interpret stands for any one character.
  const globs = named.map((path) => path.replace(/[[\]{}()*?!+@\\]/g, '?'));
  return { ...policy, model: { ...policy.model, paths: [...policy.model.paths, ...globs] } };
}

function absent(named: readonly string[], seen: Survey): Finding[] {
  const known = new Set([...seen.models.map((m) => m.file), ...seen.doubts.map((d) => d.file)]);
  return named
    .filter((path) => !known.has(path))
    .map((file) => ({
      level: 'error',
      code: seen.notModels.includes(file) ? 'not-a-model' : 'file-missing',
      message: seen.notModels.includes(file)
        ? 'No format recognises a threat model in this file.'
        : 'The file is not in the working tree, or git ignores it.',
      remedy: seen.notModels.includes(file)
        ? 'A model names components, flows or threats; `threatgate init` writes one to start from.'
        : 'Check the path.',
      file,
      line: 1,
    }));
}

function policyFindings(rules: PolicyReading): Finding[] {
  return rules.doubts.map((d) => ({
    level: 'error',
    code: d.code,
    message: d.message,
    remedy: d.remedy,
    file: d.file ?? POLICY_PATH,
    line: d.line ?? 1,
  }));
}

function modelFindings(seen: Survey, policy: Policy): Finding[] {
  const unreadable = seen.doubts.map((d): Finding => ({
    level: d.weight === 'doubt' ? 'error' : 'warning',
    code: d.code,
    message: d.message,
    remedy: d.remedy,
    file: d.file ?? '',
    line: d.line ?? 1,
  }));
  const told = new Set(unreadable.map((f) => `${f.file}:${f.line}`));
  const diagnostics = seen.models.flatMap((m) =>
    m.diagnostics.map(({ level, code, message, location }): Finding => ({
      level,
      code,
      message,
      ...location,
    })),
  );
  const quality = seen.models.flatMap((m) =>
    qualityFindings(m, 'all').flatMap((f): Finding[] => {
      const level = policy.quality[f.rule];
      if (level === 'off') return [];
      return [
        {
          level,
          code: f.rule,
          message: f.message,
          remedy: f.remedy,
          file: f.location.file,
          line: f.location.line,
        },
      ];
    }),
  );
  // What made a model unreadable is both its diagnostic and a doubt; it is said once.
  return [
    ...unreadable,
    ...diagnostics.filter((f) => f.level !== 'error' || !told.has(`${f.file}:${f.line}`)),
    ...quality,
  ];
}

const STYLES: Readonly<Record<Finding['level'], Style>> = { error: 'red', warning: 'yellow', info: 'dim' };

function render(findings: readonly Finding[], models: readonly ThreatModel[], t: Terminal): string {
  const sorted = [...findings].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || (a.code < b.code ? -1 : 1),
  );
  const lines = sorted.flatMap((f) => [
    `${terminal(f.file)}:${f.line}: ${paint(t, STYLES[f.level], f.level)} ${paint(t, 'dim', f.code)}`,
    ...wrap(t, prose(f.message, t), '    '),
    ...(f.remedy ? wrap(t, prose(f.remedy, t), '    → ') : []),
  ]);
  return `${[...lines, ...(lines.length > 0 ? [''] : []), summary(findings, models, t)].join('\n')}\n`;
}

function summary(findings: readonly Finding[], models: readonly ThreatModel[], t: Terminal): string {
  if (models.length === 0 && findings.length === 0)
    return paint(t, 'yellow', 'No threat model found. `threatgate init` writes one to start from.');
  const threats = models.reduce((sum, m) => sum + m.threats.length, 0);
  const errors = findings.filter((f) => f.level === 'error').length;
  const warnings = findings.filter((f) => f.level === 'warning').length;
  const text = `${count(models.length, 'model')} with ${count(threats, 'threat')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return errors > 0 ? paint(t, 'red', `✗ ${text}`) : paint(t, 'green', `✓ ${text}`);
}
