import { z } from 'zod';
import * as p from './payload.ts';
import { reading, type Reading } from './reading.ts';

const BRANCH = 'refs/heads/';
const QUEUE = 'gh-readonly-queue/';

/** A branch of a merge queue → where the group goes and what it stands on; undefined when it is none. */
export function groupRef(
  branch: string,
): { readonly headRef: string; readonly baseRef: string; readonly baseSha: string } | undefined {
  const [, base, baseSha] = /^gh-readonly-queue\/(.+)\/pr-\d+-([0-9a-f]{40})$/.exec(branch) ?? [];
  return base === undefined || baseSha === undefined
    ? undefined
    : { headRef: BRANCH + branch, baseRef: BRANCH + base, baseSha };
}

const checksRequested = reading(
  z.object({
    ...p.about,
    merge_group: z.object({ head_ref: p.name, head_sha: p.commit, base_ref: p.name, base_sha: p.commit }),
  }),
  (payload) => {
    const { head_ref, head_sha, base_ref, base_sha } = payload.merge_group;
    const refs = { headRef: head_ref, headSha: head_sha, baseRef: base_ref, baseSha: base_sha };
    const subject = { kind: 'merge-group', repository: payload.repository, ...refs } as const;
    return { work: p.workOn(payload, subject), signals: [] };
  },
);

export const mergeGroups: Readonly<Record<string, Reading>> = { checks_requested: checksRequested };

/** Whether the branch is protected is known at the look, which then costs no request if it is not. */
export const push: Reading = reading(
  z.object({
    ...p.about,
    ref: p.name,
    before: p.commit,
    after: p.commit,
    deleted: z.boolean().nullish(),
    forced: z.boolean().nullish(),
  }),
  (payload) => {
    const { ref, before, after, deleted, forced, repository, sender } = payload;
    const branch = ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : '';
    if (branch === '' || branch.startsWith(QUEUE) || deleted === true) return undefined;
    return {
      work: p.workOn(payload, { kind: 'push', repository, branch }),
      signals: [{ kind: 'branch-moved', by: sender, before, after, forced: forced === true }],
    };
  },
);
