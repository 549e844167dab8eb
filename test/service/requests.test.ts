import { beforeEach, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, requestsSince, type People } from './people.ts';
import { CHANGES } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const STATE = 'PullRequest';
const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}';
const TEXTS = 'Contents';
const POST_CHECK = 'POST /repos/{owner}/{repo}/check-runs';
const PATCH_CHECK = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
const REVIEW = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
const PATCH_COMMENT = 'PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}';
const REACT = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
const REACT_REPLY = 'POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions';
const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';

/** What an evaluation asks of GitHub. Not counted is what costs once an hour: a token, and who we are. */
const BUDGET: readonly (readonly [scenario: string, requests: readonly string[]])[] = [
  ['a quiet pull request is opened', [STATE, TREE, TEXTS, POST_CHECK]],
  ['a relevant pull request is opened', [STATE, TREE, TEXTS, POST_CHECK, REVIEW]],
  ['a second one from the same base', [STATE, TREE, TEXTS, POST_CHECK, REVIEW]],
  ['a push that changes the facts', [STATE, TREE, TEXTS, POST_CHECK, PATCH_COMMENT]],
  ['a push of documentation', [STATE, TREE, POST_CHECK]],
  ['a rebase onto the same base', [STATE, TREE, POST_CHECK]],
  ['a review approves', [STATE, PATCH_CHECK]],
  ['a review approves, by a member of a team', [STATE, PATCH_CHECK]],
  ['a review only comments', []],
  ['a comment approves', [STATE, PATCH_CHECK, REACT]],
  ['the button approves', [STATE, PATCH_CHECK]],
  ['a comment asks to look again', [STATE, REACT]],
  ['a comment asks for help', [STATE, PATCH_CHECK, REACT]],
  ['a comment is no command', []],
  ['a tick', [STATE, PATCH_CHECK, PATCH_COMMENT]],
  ['a tick by somebody else than the author', [STATE, PERMISSION, PATCH_CHECK, PATCH_COMMENT]],
  ['a reply answers', [STATE, PATCH_CHECK, PATCH_COMMENT, REACT_REPLY]],
  ['a delivery comes again', []],
  ['an event tells what is known already', [STATE]],
  ['Re-run', [STATE, PATCH_CHECK]],
  ['the title is changed', []],
  ['the description is changed', [STATE]],
  ['it becomes a draft', [STATE]],
  ['it is closed', [STATE]],
  ['it is reopened', [STATE]],
];

/** How each begins, and what happens; the check run of another app, and a push to some branch, happen all the time. */
const SCENARIOS: Readonly<Record<string, () => Promise<() => unknown>>> = {
  'a quiet pull request is opened': async () => {
    people.commit('change', CHANGES.quiet);
    await service.settle();
    return () => service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
  },
  'a relevant pull request is opened': async () => {
    people.commit('change', CHANGES.covered);
    await service.settle();
    return () => service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
  },
  'a second one from the same base': async () => {
    await people.open('quiet', { branch: 'other' });
    people.commit('change', CHANGES.covered);
    return () => service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
  },
  'a push that changes the facts': pushing({
    'infra/exports.tf': 'resource "aws_sqs_queue" "export_jobs" {}\n',
  }),
  'a push of documentation': pushing({ 'NOTES.md': 'x\n' }),
  'a rebase onto the same base': async () => {
    await people.open('covered');
    return () => people.commit('change', CHANGES.covered, { onto: 'main', message: 'Rebased' });
  },
  'a review approves': on((at) => service.gh.control.review({ ...at, by: 'alice', state: 'approve' })),
  'a review approves, by a member of a team': on((at) =>
    service.gh.control.review({ ...at, by: 'carol', state: 'approve' }),
  ),
  'a review only comments': on((at) => service.gh.control.review({ ...at, by: 'alice', state: 'comment' })),
  'a comment approves': saying('/threatgate approve'),
  'the button approves': on(({ number }) =>
    service.gh.control.clickButton({
      by: 'alice',
      checkRunId: people.check(number).id,
      identifier: 'approve',
    }),
  ),
  'a comment asks to look again': saying('/threatgate recheck'),
  'a comment asks for help': saying('/threatgate help'),
  'a comment is no command': saying('Looks good to me.'),
  'a tick': ticking('bob'),
  'a tick by somebody else than the author': ticking('alice'),
  'a reply answers': on(({ number }) =>
    service.gh.control.replyToReviewComment({
      by: 'bob',
      id: people.asked(number)[0]?.id ?? 0,
      body: '1 ticket: ORC-7',
    }),
  ),
  'a delivery comes again': async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    const [last] = service.gh.deliveries.filter((d) => d.event === 'pull_request_review').slice(-1);
    return () => last && service.gh.deliver(last);
  },
  'an event tells what is known already': async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    const [last] = service.gh.deliveries.filter((d) => d.event === 'pull_request_review').slice(-1);
    return () => last && service.gh.deliver({ ...last, guid: '00000000-0000-4000-8000-000000000000' });
  },
  'Re-run': on(({ number }) =>
    service.gh.control.rerequestCheckRun({ by: 'bob', checkRunId: people.check(number).id }),
  ),
  'the title is changed': on((at) => {
    service.gh.control.editPullRequest({ ...at, by: 'bob', title: 'Exports' });
  }),
  'the description is changed': on((at) => {
    service.gh.control.editPullRequest({ ...at, by: 'bob', body: 'Exports' });
  }),
  'it becomes a draft': on((at) => {
    service.gh.control.setDraft({ ...at, by: 'bob', draft: true });
  }),
  'it is closed': on((at) => {
    service.gh.control.close({ ...at, by: 'bob' });
  }),
  'it is reopened': async () => {
    const number = await people.open('covered');
    await people.settled(() => service.gh.control.close({ ...people.at(number), by: 'bob' }));
    return () => {
      service.gh.control.reopen({ ...people.at(number), by: 'bob' });
    };
  },
};

function on(act: (at: { repo: string; number: number }) => unknown): () => Promise<() => unknown> {
  return async () => {
    const number = await people.open('covered');
    return () => act(people.at(number));
  };
}

function pushing(files: Readonly<Record<string, string>>): () => Promise<() => unknown> {
  return async () => {
    await people.open('covered');
    return () => people.commit('change', files);
  };
}

function saying(body: string): () => Promise<() => unknown> {
  return on((at) => service.gh.control.comment({ ...at, by: 'alice', body }));
}

function ticking(by: string): () => Promise<() => unknown> {
  return on(({ number }) => {
    const [comment] = people.asked(number);
    const body = comment?.body.replace('- [ ]', '- [x]') ?? '';
    service.gh.control.editReviewComment({ by, id: comment?.id ?? 0, body });
  });
}

test.each(BUDGET)('%s', async (scenario, requests) => {
  const act = await SCENARIOS[scenario]?.();
  const before = service.requests.length;
  await people.settled(() => act?.());
  expect(requestsSince(service, before)).toEqual(requests);
});
