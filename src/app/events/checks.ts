import { z } from 'zod';
import { readExternalId } from '../../core/report/external-id.ts';
import type { RepositoryRef, Signal, Subject } from '../../review/work.ts';
import { groupRef } from './branches.ts';
import * as p from './payload.ts';
import { reading, type Reading } from './reading.ts';

const app = z.object({ id: p.id });

const run = z.object({
  ...p.about,
  check_run: z.object({
    id: p.id,
    head_sha: p.commit,
    external_id: z.string().nullish(),
    app,
    check_suite: z.object({ head_branch: z.string().max(1_000).nullish() }).nullish(),
  }),
});

type Run = z.output<typeof run>;

/** GitHub names no pull requests for forks and merge groups, so our own text on the run tells what it was about. */
function subjectOf({ repository, check_run }: Run): Subject {
  const named = readExternalId(check_run.external_id ?? '');
  const number =
    named?.repository === repository.id ? /^pull\/(\d{1,15})$/.exec(named.subject)?.[1] : undefined;
  if (number !== undefined) return { kind: 'pull-request', repository, number: Number(number) };
  const group = groupRef(check_run.check_suite?.head_branch ?? '');
  return group
    ? { kind: 'merge-group', repository, headSha: check_run.head_sha, ...group }
    : { kind: 'repository', repository };
}

const rerequested = reading(run, (payload, self) => {
  const { check_run, sender } = payload;
  if (check_run.app.id !== self.appId || p.isOurs(sender, self)) return undefined;
  const signal: Signal = { kind: 'rerequested', by: sender, head: check_run.head_sha };
  return { work: p.workOn(payload, subjectOf(payload)), signals: [signal] };
});

const pressed = reading(
  run.extend({ requested_action: z.object({ identifier: p.name }) }),
  (payload, self) => {
    const { check_run, sender, requested_action } = payload;
    if (check_run.app.id !== self.appId || p.isOurs(sender, self)) return undefined;
    const signal: Signal = {
      kind: 'pressed',
      by: sender,
      button: requested_action.identifier,
      checkRun: check_run.id,
      head: check_run.head_sha,
      externalId: (check_run.external_id ?? '').slice(0, 1_000),
    };
    return { work: p.workOn(payload, subjectOf(payload)), signals: [signal] };
  },
);

export const checkRuns: Readonly<Record<string, Reading>> = { rerequested, requested_action: pressed };

const suiteRerequested = reading(
  z.object({
    ...p.about,
    check_suite: z.object({
      head_sha: p.commit,
      app,
      pull_requests: z.array(z.object({ number: p.id, base: z.object({ repo: z.object({ id: p.id }) }) })),
    }),
  }),
  (payload, self) => {
    const { check_suite, sender, repository } = payload;
    if (check_suite.app.id !== self.appId || p.isOurs(sender, self)) return undefined;
    const signal: Signal = { kind: 'rerequested', by: sender, head: check_suite.head_sha };
    const [one, ...more] = own(check_suite.pull_requests, repository);
    return one !== undefined && more.length === 0
      ? p.lookAtPullRequest(payload, one, signal)
      : p.lookAtRepository(payload, signal);
  },
);

/** A suite also lists pull requests of other repositories with the same commit. */
function own(
  listed: readonly { readonly number: number; readonly base: { readonly repo: { readonly id: number } } }[],
  repository: RepositoryRef,
): readonly number[] {
  return listed.filter(({ base }) => base.repo.id === repository.id).map(({ number }) => number);
}

export const checkSuites: Readonly<Record<string, Reading>> = { rerequested: suiteRerequested };
