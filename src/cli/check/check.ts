import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assess } from '../../core/assess.ts';
import { questionById } from '../../core/catalogue/questions.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { exitCode } from '../../core/report/exit-code.ts';
import { renderJson } from '../../core/report/json.ts';
import { renderMarkdown } from '../../core/report/markdown.ts';
import { ruleText } from '../../core/explain/rules.ts';
import { renderSarif } from '../../core/report/sarif.ts';
import { renderTerminal } from '../../core/report/terminal.ts';
import { openRepository } from '../../local/git-repository.ts';
import { WORKTREE, withWorktree } from '../../local/worktree.ts';
import { UserError } from '../../review/errors.ts';
import { gather } from '../../review/gather.ts';
import type { Repository } from '../../review/ports.ts';
import { readPolicy, usePolicy, type PolicyReading } from '../../review/read-policy.ts';
import { loadParsers } from '../../runtime/load-parsers.ts';
import { UsageError, type Arguments, type Io } from '../command.ts';
import { nearest } from '../nearest.ts';
import { NO_APPROVALS, readApprovals } from './approvals.ts';

const FORMATS = ['terminal', 'json', 'sarif', 'markdown'] as const;
type Format = (typeof FORMATS)[number];

/** What the arguments ask for, checked. */
interface Request {
  readonly repo: string;
  readonly base: string | undefined;
  readonly head: string;
  readonly policy: string | undefined;
  readonly enforce: boolean;
  readonly format: Format;
  readonly output: string | undefined;
  readonly approvals: string | undefined;
  readonly at: string;
  readonly verbose: boolean;
  readonly colour: boolean;
}

/** The command: gather → assess → render. */
export async function check(args: Arguments, io: Io): Promise<number> {
  const request = readRequest(args, io);
  const verdict = await evaluate(request, io);
  const text = render(verdict, request, io);
  if (request.output === undefined) io.out(text);
  else {
    await write(resolve(io.cwd, request.output), request.output, text);
    io.err(`${verdict.title}: written to ${request.output}\n`);
  }
  return exitCode(verdict);
}

function readRequest({ values }: Arguments, io: Io): Request {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const worktree = values['worktree'] === true;
  if (worktree && text('head') !== undefined)
    throw new UsageError('--worktree and --head name two different changes; give one of them.');
  return {
    repo: resolve(io.cwd, text('repo') ?? '.'),
    base: text('base'),
    head: worktree ? WORKTREE : (text('head') ?? 'HEAD'),
    policy: text('policy'),
    enforce: values['enforce'] === true,
    format: readFormat(text('format') ?? 'terminal'),
    output: text('output'),
    approvals: text('approvals'),
    at: readInstant(text('at'), io),
    verbose: values['verbose'] === true,
    colour: io.colour && values['no-color'] !== true && text('output') === undefined,
  };
}

function readFormat(written: string): Format {
  const found = FORMATS.find((f) => f === written);
  if (found) return found;
  const like = nearest(written, FORMATS);
  throw new UsageError(
    `There is no format ${JSON.stringify(written)}; there is ${FORMATS.join(', ')}.${like ? ` Did you mean ${like}?` : ''}`,
  );
}

function readInstant(written: string | undefined, io: Io): string {
  if (written === undefined) return io.now();
  const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.test(written)
    ? Date.parse(written)
    : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`${JSON.stringify(written)} is not an instant; write it like 2027-03-01T12:00:00Z.`);
  return new Date(time).toISOString();
}

async function evaluate(request: Request, io: Io): Promise<Verdict> {
  const [opened] = await Promise.all([openRepository(request.repo), loadParsers()]);
  const repository = request.head === WORKTREE ? withWorktree(opened) : opened;
  const into = request.base ?? (await repository.defaultBranch());
  const [head, base, { policy, doubts }] = await Promise.all([
    repository.resolve(request.head),
    repository.mergeBase(into, request.head),
    findPolicy(request, repository, into, io),
  ]);
  const judged = request.enforce ? { ...policy, mode: 'enforce' as const } : policy;
  const { change, models } = await gather(repository, base, head, judged);
  const approvals =
    request.approvals === undefined ? NO_APPROVALS : await readApprovals(request.approvals, io.cwd);
  return assess(change, models, approvals, judged, request.at, doubts);
}

/** The one named on the command line, else the one of the default branch: a change cannot bring its own rules. */
async function findPolicy(
  request: Request,
  repository: Repository,
  into: string,
  io: Io,
): Promise<PolicyReading> {
  if (request.policy !== undefined) {
    const text = await readFile(resolve(io.cwd, request.policy), 'utf8').catch((cause: unknown) => {
      throw new UserError(
        `The policy ${request.policy} could not be read.`,
        'Check the path given with --policy.',
        { cause },
      );
    });
    return named(await usePolicy(text, request.policy), request.policy);
  }
  const branch = await repository.defaultBranch().catch(() => into);
  return readPolicy(repository, await repository.resolve(branch));
}

/** An override is no secret: whoever reads the verdict sees that other rules applied. */
function named(reading: PolicyReading, file: string): PolicyReading {
  return { ...reading, policy: { ...reading.policy, origin: `${file} (given with --policy)` } };
}

function render(verdict: Verdict, request: Request, io: Io): string {
  switch (request.format) {
    case 'terminal':
      return renderTerminal(verdict, {
        columns: io.columns,
        colour: request.colour,
        verbose: request.verbose,
        question: questionById,
      });
    case 'json':
      return renderJson(verdict);
    case 'sarif':
      return renderSarif(verdict, ruleText);
    case 'markdown':
      return renderMarkdown(verdict, { question: questionById, most: 1_000_000 });
  }
}

async function write(path: string, shown: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new UserError(
      `${shown} could not be written.`,
      'Check that the folder exists and that you may write there.',
      { cause },
    );
  });
}
