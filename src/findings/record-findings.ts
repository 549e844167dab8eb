import { open } from 'node:fs/promises';
import { readResources } from '../core/resources.ts';
import type { AuditRecord } from '../core/model/record.ts';
import type { Policy } from '../core/model/policy.ts';
import type { SourceFile } from '../core/model/change.ts';
import { later } from '../review/deps.ts';
import { UserError } from '../review/errors.ts';
import { NotThere } from '../review/hosting-errors.ts';
import type { Repository } from '../review/ports.ts';
import { ownerIn } from '../review/re-review/opened.ts';
import { survey } from '../review/survey.ts';
import { loadParsers } from '../runtime/load-parsers.ts';
import { policyOf, repositoryNamed, signedBy, type Desk } from '../upkeep/desk.ts';
import { componentFinder, type Declared } from './components.ts';
import { readSarif, type Finding, type SarifReading } from './read-sarif.ts';
import { groupsOf, reviewFor, type Group } from './reviews-for.ts';
import { isAtLeast, type Severity } from './severity.ts';

export interface Question {
  /** The report of a scanner. */
  readonly file: string;
  readonly repository: string;
  readonly commit: string;
  /** Anything less severe is passed over. */
  readonly least: Severity;
  readonly due: string | undefined;
  readonly owner: string | undefined;
  readonly dryRun: boolean;
}

export interface Outcome {
  readonly groups: readonly Group[];
  /** Empty in a dry run. */
  readonly opened: readonly AuditRecord[];
  readonly read: SarifReading;
  readonly milder: number;
  readonly known: number;
  /** On nothing that is modelled. */
  readonly elsewhere: number;
}

const MOST_BYTES = 100 * 1024 * 1024;
/** Files with findings that are looked into. */
const MOST_FILES = 2_000;
const DAY_MS = 86_400_000;

/** Findings on what the threat model knows ask for a review of it, each of them once. */
export async function recordFindings(question: Question, desk: Desk): Promise<Outcome> {
  const { recorder, now } = desk;
  const read = readSarif(await contentOf(question.file));
  if (!read)
    throw new UserError(
      `${question.file} is no SARIF.`,
      'Give the JSON file that the scanner writes, version 2; what is broken or cut off is not read.',
    );
  const repository = await repositoryNamed(question.repository, recorder);
  const reading = await policyOf(repository, recorder);
  const { github, actor } = await signedBy(desk, repository, 'metadata and contents');
  const severe = read.findings.filter((finding) => isAtLeast(finding.severity, question.least));
  const contents = github.hosting.repository(repository);
  const { findings, declared } = await declaredAt(contents, question.commit, severe, reading.policy);
  const past = await recorder.records({ repository: repository.id, kinds: ['review-opened'] });
  const { groups, known, elsewhere } = groupsOf(findings, componentFinder(declared), past);
  const due = question.due ?? later(now, reading.policy.review.graceDays * DAY_MS);
  const owner = question.owner ?? ownerIn(reading.policy);
  const about = { repository, commit: question.commit, now, due, owner, actor };
  const opened = question.dryRun ? [] : await recorder.append(groups.map((group) => reviewFor(group, about)));
  return { groups, opened, read, milder: read.findings.length - severe.length, known, elsewhere };
}

async function contentOf(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > MOST_BYTES)
        throw new UserError(
          `${file} has more than ${MOST_BYTES / 1024 / 1024} MB.`,
          'Let the scanner write fewer results, or one file for each of its runs.',
        );
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${file} could not be read.`, 'Check its name, and that you may read it.', { cause });
  }
}

/** The models of the commit, and what its files declare that findings are in; each finding with the path it has there. */
async function declaredAt(
  contents: Repository,
  commit: string,
  findings: readonly Finding[],
  policy: Policy,
): Promise<{ readonly findings: readonly Finding[]; readonly declared: Declared }> {
  await loadParsers();
  try {
    const { entries } = await contents.tree(commit);
    const files = new Map(entries.flatMap((e) => (e.kind === 'file' ? [[e.path, e.id] as const] : [])));
    const placed = findings.map((finding) => ({ ...finding, file: placeIn(finding.file, files) }));
    const wanted = [...new Set(placed.flatMap((f) => f.file ?? []))].sort().slice(0, MOST_FILES);
    const ids = wanted.flatMap((path) => files.get(path) ?? []);
    const blobs = await contents.blobs([...new Set(ids)], policy.limits.fileBytes);
    const texts = wanted.flatMap((path): SourceFile[] => {
      const content = blobs.get(files.get(path) ?? '');
      return content?.kind === 'text' ? [{ path, text: content.text }] : [];
    });
    const { models } = await survey(contents, commit, policy, 'models');
    return { findings: placed, declared: { models, resources: readResources(texts).resources, policy } };
  } catch (cause) {
    if (!(cause instanceof NotThere)) throw cause;
    throw new UserError(
      `GitHub has no commit ${commit} there, or this token may not see it.`,
      'Check --commit, and that the token has `contents: read`.',
      { cause },
    );
  }
}

const MOST_FOLDERS = 30;

/** Scanners also write where the checkout was on their machine: whatever of it the tree has. */
function placeIn(path: string | undefined, files: ReadonlyMap<string, string>): string | undefined {
  let rest = path;
  for (let dropped = 0; rest !== undefined && dropped < MOST_FOLDERS; dropped++) {
    if (files.has(rest)) return rest;
    const slash: number = rest.indexOf('/');
    rest = slash < 0 ? undefined : rest.slice(slash + 1);
  }
  return path;
}
