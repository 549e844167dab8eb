import { needed, notThere } from '../github/environment.ts';
import type { TokenGitHub } from '../github/with-token.ts';
import { UserError } from '../review/errors.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { PolicyFile } from '../review/hosting.ts';
import { policyOfFiles } from '../review/read-policy.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { ChecksFound, Expected, PersonFound, PolicyFound, Setting } from './setting.ts';

export interface Question {
  /** `owner/name`. */
  readonly repository: string;
  /** Default: the default branch. */
  readonly branch: string | undefined;
  readonly expected: Expected;
  readonly now: string;
}

/** Pull requests whose heads are looked at. */
const HEADS = 5;
/** People who are looked up. A policy that names more is asked about these. */
const PEOPLE = 30;

/** Reads how the gate is set up. Throws `UserError` for what cannot be judged without; what else is hidden is left open. */
export async function gather(github: TokenGitHub, question: Question): Promise<Setting> {
  const { expected, now } = question;
  const about = await needed(
    github.about(question.repository),
    `the repository \`${question.repository}\``,
    'metadata: read',
  );
  const { repository, defaultBranch, archived } = about;
  const branch = question.branch ?? defaultBranch;
  const [rules, state, heads] = await Promise.all([
    needed(
      github.rules(repository, branch),
      `the branch \`${branch}\` of \`${repository.name}\``,
      'contents: read',
    ),
    needed(
      github.hosting.repositoryState(repository),
      `the policy of \`${repository.name}\``,
      'contents: read and pull requests: read',
    ),
    unlessRefused(github.recentHeads(repository, branch, HEADS)),
  ]);
  if (!state) throw notThere(`the repository \`${question.repository}\``, 'metadata: read');
  const policy = await policyFound(repository.name, state.policy, state.organisationPolicy);
  const [people, seen] = await Promise.all([
    peopleFound(github, repository, policy),
    checksFound(github, repository, heads && [...new Set([rules.tip, ...heads])]),
  ]);
  return {
    repository: { name: repository.name, archived },
    defaultBranch,
    branch,
    policy,
    people,
    rules,
    seen,
    expected,
    now,
  };
}

async function policyFound(
  repository: string,
  own: PolicyFile,
  organisation: PolicyFile,
): Promise<PolicyFound> {
  const refused = [own, organisation].find((f) => f.kind === 'unreadable' && /FORBIDDEN|SCOPES/.test(f.why));
  if (refused)
    throw new UserError(
      `GitHub does not let this token read the policy of \`${repository}\`.`,
      'Give it `contents: read` for this repository, and for the organisation’s repository `.github` if there is one.',
    );
  if (own.kind === 'absent' && organisation.kind === 'absent') return { kind: 'absent' };
  const { policy, doubts } = await policyOfFiles(repository, own, organisation);
  if (doubts.length === 0) return { kind: 'read', policy };
  return {
    kind: 'unusable',
    problems: doubts.map(({ code, message, remedy, file, line }) => ({ code, message, remedy, file, line })),
  };
}

async function peopleFound(
  { hosting }: TokenGitHub,
  repository: RepositoryRef,
  policy: PolicyFound,
): Promise<readonly PersonFound[]> {
  if (policy.kind !== 'read') return [];
  const { approval, emergency } = policy.policy;
  const logins = [...new Set([...approval.users, ...emergency.users])].slice(0, PEOPLE);
  return Promise.all(
    logins.map(async (login) => ({
      login,
      permission: await unlessRefused(hosting.permission(repository, login)),
    })),
  );
}

async function checksFound(
  github: TokenGitHub,
  repository: RepositoryRef,
  commits: readonly string[] | undefined,
): Promise<ChecksFound> {
  if (!commits) return { kind: 'hidden' };
  const runs = await Promise.all(commits.map((commit) => unlessRefused(github.checksAt(repository, commit))));
  const told = runs.flatMap((each) => (each ? [each] : []));
  return told.length < runs.length
    ? { kind: 'hidden' }
    : { kind: 'seen', commits: commits.length, runs: told.flat() };
}

/** A right that is missing leaves one question open, and no more than that. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused || error instanceof NotThere) return undefined;
    throw error;
  }
}
