/** What people do on the pull requests of the end-to-end tests, and what is to be seen there afterwards. */
import type { AuditRecord, RecordKind } from '../../src/core/model/record.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import type { CommitInput } from '../double/control/development.ts';
import { mergeCommit, type Files } from '../double/git/building.ts';
import type { CheckRun } from '../double/state/checks.ts';
import type { ReviewComment } from '../double/state/nouns.ts';
import type { ServiceUnderTest } from './harness.ts';
import { CHANGES, POLICY_PATH } from './shop.ts';

export const REPO = 'acme/shop';

export type PushInput = Partial<Omit<CommitInput, 'repo' | 'branch' | 'files'>>;

export interface Opening {
  readonly by?: string;
  /** Who pushes the branch; else who opens. */
  readonly pusher?: string;
  readonly branch?: string;
  readonly base?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly commit?: PushInput;
}

/** People of one repository. Everything they do happens at a second of its own, and is answered before they go on. */
export function peopleOf(service: ServiceUnderTest, repo: string = REPO) {
  const { control, observe } = service.gh;
  const at = (number: number) => ({ repo, number });

  const settled = async <T>(act: () => T): Promise<T> => {
    service.pass(2_000);
    const done = act();
    await service.settle();
    return done;
  };

  const commit = (branch: string, files: Files, input: PushInput = {}): string => {
    service.pass(2_000);
    return control.pushCommit({ by: 'bob', repo, branch, files, ...input });
  };

  const open = async (change: keyof typeof CHANGES | Files, opening: Opening = {}): Promise<number> => {
    const files = typeof change === 'string' ? CHANGES[change] : change;
    const { by = 'bob', branch = 'change', pusher = by, base, body, draft, commit: input } = opening;
    commit(branch, files, { by: pusher, ...input });
    return settled(
      () =>
        control.openPullRequest({
          by,
          repo,
          head: branch,
          title: branch,
          ...(base === undefined ? {} : { base }),
          ...(body === undefined ? {} : { body }),
          ...(draft === undefined ? {} : { draft }),
        }).number,
    );
  };

  const runs = (number: number): readonly CheckRun[] =>
    observe
      .allCheckRuns(repo, observe.pull(at(number)).headSha)
      .filter((run) => run.suite.app.id === service.app.id)
      .filter((run) => run.externalId.includes(`:pull/${number}:`));

  const records = async (number: number): Promise<readonly AuditRecord[]> => {
    const { id } = service.gh.world.repository(repo);
    return service.store.records({ repository: id, pullRequest: number });
  };

  return {
    settled,
    open,
    /** On the branch of the pull request, or on top of something else. */
    push: (branch: string, files: Files, input: PushInput = {}): Promise<string> =>
      settled(() => control.pushCommit({ by: 'bob', repo, branch, files, ...input })),
    /** Without anybody looking. */
    commit,
    /** Rules of the repository, straight on the default branch. */
    rule: (policy: string): Promise<string> =>
      settled(() =>
        control.directPush({ by: 'ada', repo, branch: 'main', files: { [POLICY_PATH]: policy } }),
      ),
    /** Merges the base branch into the pull request, as the button of that name does. */
    updateBranch: (number: number, by: string): Promise<string> =>
      settled(() => {
        const { headSha, headRef, baseRef, repository } = observe.pull(at(number));
        const { name, email } = service.gh.world.account(by);
        const sha = mergeCommit(repository.objects, {
          base: headSha,
          head: control.tip(repo, baseRef),
          method: 'merge',
          message: `Merge branch ${baseRef} into ${headRef}`,
          by: { name, email, at: service.clock.at },
        });
        if (sha === undefined) throw new Error('There is a conflict.');
        control.pushRef({ by, repo, branch: headRef, sha });
        return sha;
      }),
    review: (number: number, by: string, more: Partial<Parameters<typeof control.review>[0]> = {}) =>
      settled(() => control.review({ ...at(number), by, state: 'approve', ...more })),
    say: (number: number, by: string, body: string): Promise<number> =>
      settled(() => control.comment({ ...at(number), by, body }).id),
    press: (number: number, by: string, identifier: string): Promise<void> =>
      settled(() => control.clickButton({ by, checkRunId: theRun(runs(number)).id, identifier })),
    reply: (comment: ReviewComment, by: string, body: string): Promise<number> =>
      settled(() => control.replyToReviewComment({ by, id: comment.id, body }).id),
    edit: (comment: ReviewComment, by: string, change: (body: string) => string): Promise<void> =>
      settled(() => control.editReviewComment({ by, id: comment.id, body: change(comment.body) })),
    merge: (number: number, by: string): Promise<string> =>
      settled(() => control.merge({ ...at(number), by, method: 'squash' })),

    /** The one check run of the pull request's head. */
    check: (number: number): CheckRun => theRun(runs(number)),
    runs,
    records,
    kinds: async (number: number): Promise<readonly RecordKind[]> =>
      (await records(number)).map((r) => r.kind),
    /** The last record of a kind. */
    last: async (number: number, kind: RecordKind): Promise<AuditRecord> => {
      const found = (await records(number)).findLast((r) => r.kind === kind);
      if (!found) throw new Error(`There is no record of the kind ${kind}.`);
      return found;
    },
    /** The verdict that was last stored. */
    verdict: async (number: number): Promise<Verdict> => {
      const evaluated = (await records(number)).findLast((r) => r.kind === 'evaluated');
      const document = await service.store.document(evaluated?.details['document'] as string);
      return JSON.parse(document?.text ?? 'null') as Verdict;
    },
    /** Comments that ask questions: ours, and no replies. */
    asked: (number: number): readonly ReviewComment[] =>
      observe.reviewComments(at(number)).filter((c) => c.author.type === 'Bot' && !c.replyTo),
    at,
  };
}

export type People = ReturnType<typeof peopleOf>;

function theRun(runs: readonly CheckRun[]): CheckRun {
  const [run, ...more] = runs;
  if (!run || more.length > 0) throw new Error(`There are ${runs.length} check runs instead of one.`);
  return run;
}

/** What was asked of GitHub since a moment; what costs once an hour is left out. */
export function requestsSince(service: ServiceUnderTest, count: number): readonly string[] {
  return service.requests
    .slice(count)
    .map((r) => r.route)
    .filter((route) => route !== 'GET /app' && !route.includes('access_tokens'));
}

/** Text of contributors as it stands in a summary: nobody is told by it. */
export const shown = (text: string): string => text.replaceAll('@', '&#64;&#8203;');
