/** What people do on the pull request of the Action's tests; each thing at a second of its own, and told to everybody. */
import type { Files } from '../double/git/building.ts';
import type { ReviewComment } from '../double/state/nouns.ts';
import { CHANGES, POLICY_PATH } from '../service/shop.ts';
import { REPO, type ActionUnderTest } from './runner.ts';

export function peopleOf({ gh: { control, observe }, act }: ActionUnderTest) {
  const at = (number: number) => ({ repo: REPO, number });
  const push = (files: Files, by = 'bob', branch = 'change'): Promise<string> =>
    act(() => control.pushCommit({ by, repo: REPO, branch, files }));
  return {
    push,
    open: async (change: keyof typeof CHANGES | Files, by = 'bob', branch = 'change'): Promise<number> => {
      await push(typeof change === 'string' ? CHANGES[change] : change, by, branch);
      return act(() => control.openPullRequest({ by, repo: REPO, head: branch, title: branch }).number);
    },
    rule: (policy: string | null): Promise<string> =>
      act(() =>
        control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { [POLICY_PATH]: policy } }),
      ),
    review: (number: number, by: string, more: Partial<Parameters<typeof control.review>[0]> = {}) =>
      act(() => control.review({ ...at(number), by, state: 'approve', ...more })),
    say: (number: number, by: string, body: string) =>
      act(() => control.comment({ ...at(number), by, body })),
    asked: (number: number): readonly ReviewComment[] =>
      observe.reviewComments(at(number)).filter((c) => c.author.type === 'Bot' && !c.replyTo),
    head: (number: number): string => observe.pull(at(number)).headSha,
  };
}

export type People = ReturnType<typeof peopleOf>;
