/** Webhook payloads as GitHub sends them, cut down to what surrounds the fields that matter. */
export const SELF = { appId: 4242, botLogin: 'threatgate[bot]' } as const;

export const HEAD = '1f'.repeat(20);
export const BASE = '2e'.repeat(20);
export const MERGE = '3d'.repeat(20);

const user = (login: string, id: number, type = 'User') => ({
  login,
  id,
  node_id: `U_${id}`,
  type,
  site_admin: false,
});

export const ada = user('ada', 11);
export const bob = user('bob', 12);
export const bot = user('threatgate[bot]', 99, 'Bot');

export const repository = {
  id: 700,
  node_id: 'R_700',
  name: 'orchard',
  full_name: 'acme/orchard',
  private: true,
  owner: user('acme', 1, 'Organization'),
  default_branch: 'main',
};

type Json = Readonly<Record<string, unknown>>;

const scope = (sender: Json): Json => ({ repository, installation: { id: 31, node_id: 'I_31' }, sender });

const pull = (more: Json = {}): Json => ({
  id: 5000,
  number: 12,
  state: 'open',
  title: 'Exports',
  body: 'words',
  user: ada,
  head: { ref: 'exports', sha: HEAD, repo: { id: 700 } },
  base: { ref: 'main', sha: BASE, repo: { id: 700 } },
  ...more,
});

export const pullRequest = (action: string, more: Json = {}, sender: Json = ada): Json => ({
  action,
  number: 12,
  pull_request: pull(),
  ...scope(sender),
  ...more,
});

export const closed = (more: Json): Json =>
  pullRequest('closed', { pull_request: pull({ state: 'closed', ...more }) });

export const review = (action: string, given: Json, more: Json = {}, sender: Json = bob): Json => ({
  action,
  review: { id: 80, user: bob, body: null, commit_id: HEAD, state: 'approved', ...given },
  pull_request: pull(),
  ...scope(sender),
  ...more,
});

export const remark = (action: string, body: string, more: Json = {}, sender: Json = bob): Json => ({
  action,
  issue: { id: 90, number: 12, pull_request: { url: 'https://api.github.com/repos/acme/orchard/pulls/12' } },
  comment: { id: 91, user: sender, body },
  ...scope(sender),
  ...more,
});

export const issue = (action: string, more: Json = {}, sender: Json = bob): Json => ({
  action,
  issue: { id: 92, number: 13, title: 'Leak', state: 'open' },
  ...scope(sender),
  ...more,
});

export const lineComment = (action: string, comment: Json, more: Json = {}, sender: Json = bob): Json => ({
  action,
  comment: { id: 61, user: sender, body: 'words', path: 'a.tf', ...comment },
  pull_request: pull(),
  ...scope(sender),
  ...more,
});

export const checkRun = (action: string, run: Json = {}, more: Json = {}, sender: Json = bob): Json => ({
  action,
  check_run: {
    id: 71,
    head_sha: HEAD,
    external_id: `threatgate:1:700:pull/12:sha256:${'ab'.repeat(32)}`,
    app: { id: SELF.appId, slug: 'threatgate' },
    check_suite: { id: 72, head_branch: null, pull_requests: [] },
    pull_requests: [],
    ...run,
  },
  ...scope(sender),
  ...more,
});

export const checkSuite = (action: string, suite: Json = {}, sender: Json = bob): Json => ({
  action,
  check_suite: {
    id: 72,
    head_sha: HEAD,
    head_branch: null,
    app: { id: SELF.appId },
    pull_requests: [],
    ...suite,
  },
  ...scope(sender),
});

export const mergeGroup = (action: string): Json => ({
  action,
  merge_group: {
    head_sha: HEAD,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-12-${BASE}`,
    base_sha: BASE,
    base_ref: 'refs/heads/main',
    head_commit: { id: HEAD },
  },
  ...scope(ada),
});

export const push = (more: Json = {}): Json => ({
  ref: 'refs/heads/main',
  before: BASE,
  after: HEAD,
  created: false,
  deleted: false,
  forced: false,
  commits: [],
  pusher: { name: 'ada', email: 'ada@example.org' },
  ...scope(ada),
  ...more,
});

export const installation = (action: string, more: Json = {}): Json => ({
  action,
  installation: { id: 31, account: repository.owner, app_id: SELF.appId },
  sender: ada,
  ...more,
});

export const repositoryEvent = (action: string, more: Json = {}): Json => ({
  action,
  ...scope(ada),
  ...more,
});
