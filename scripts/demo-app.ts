/**
 * The second half of `npm run demo`: the real service, as a process of its own, between a GitHub that runs in this one and
 * people who open, answer, approve and merge pull requests. Everything goes through webhooks and HTTP on the loopback.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegistration } from '../src/app/manifest.ts';
import { verifyChain } from '../src/core/ledger/verify-chain.ts';
import { openStore } from '../src/store/open-store.ts';
import { createGitHubDouble, type GitHubDouble } from '../test/double/double.ts';
import { keyPair } from '../test/double/key-pair.ts';
import type { App } from '../test/double/state/nouns.ts';
import { freePort, startService, stopService } from './service-process.ts';

const root = join(import.meta.dirname, '..');
const REPO = 'orchard/shop';
const SECRET = 'only for this demonstration';

export interface Stage {
  readonly gh: GitHubDouble;
  /** Where to look at it. */
  readonly url: string;
  readonly say: (line: string) => void;
  close(): Promise<void>;
}

/** Plays the pull requests of `dir` (one branch each) through webhooks; returns the stage, still open to be looked at. */
export async function playApp(
  dir: string,
  data: string,
  branches: readonly { readonly branch: string; readonly title: string }[],
  say: (line: string) => void,
): Promise<Stage> {
  const gh = createGitHubDouble();
  const port = await freePort();
  const app = setScene(gh, dir, `http://127.0.0.1:${port}/api/github/webhooks`);
  const listening = await gh.listen({ autoDeliver: true });
  const service = await startService({ app, secret: SECRET, apiUrl: `${listening.url}/api/v3`, port, data });
  const stage: Stage = {
    gh,
    url: listening.url,
    say,
    close: async () => {
      await stopService(service);
      await listening.close();
      gh.dispose();
    },
  };
  try {
    gh.control.install({ app, on: 'orchard', by: 'ada' });
    await play(stage, branches);
    await tellRecords(data, say);
    return stage;
  } catch (error) {
    await stage.close();
    throw error;
  }
}

function setScene(gh: GitHubDouble, dir: string, webhook: string): App {
  const { control } = gh;
  for (const login of ['ada', 'alice']) control.createUser({ login, email: `${login}@example.org` });
  // The commits of the repository are Bob's: their address is his.
  control.createUser({ login: 'bob', email: 'orchard@example.org' });
  control.createOrganisation({ login: 'orchard', owners: ['ada'], members: ['alice', 'bob'] });
  control.createRepository({
    owner: 'orchard',
    name: 'shop',
    from: { dir, by: 'bob' },
    collaborators: { alice: 'write', bob: 'write' },
  });
  const policy = readFileSync(join(root, 'fixtures/demo-app/.github/threatgate.yml'), 'utf8');
  control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { '.github/threatgate.yml': policy } });
  const { default_permissions: permissions, default_events: events } = readRegistration();
  const app = control.createApp({
    name: 'Threatgate',
    owner: 'orchard',
    publicKey: keyPair().publicKey,
    permissions,
    events,
    webhook: { url: webhook, secret: SECRET },
  });
  control.setRules({ repo: REPO, requiredChecks: [{ context: 'Threatgate', integrationId: app.id }] });
  return app;
}

async function play(stage: Stage, branches: Parameters<typeof playApp>[2]): Promise<void> {
  const { gh, say } = stage;
  const { control } = gh;
  say('Bob opens his pull requests; each gets its check run within a moment:');
  const numbers = new Map<string, number>();
  for (const { branch, title } of branches)
    numbers.set(
      branch,
      control.openPullRequest({ by: 'bob', repo: REPO, head: branch, title, body: title }).number,
    );
  await rest(gh);
  for (const [branch, number] of numbers) say(await shown(stage, number, branch));
  const covered = numbers.get('covered') ?? 0;
  const opened = numbers.get('opened') ?? 0;

  const passes = (number: number) => (): boolean => checkOf(gh, number)?.conclusion === 'success';
  await act(
    stage,
    covered,
    'Bob approves his own: “/threatgate approve”. That does not count, and the check says so.',
    () => control.comment({ by: 'bob', repo: REPO, number: covered, body: '/threatgate approve' }),
    () => checkOf(gh, covered)?.summary?.toLowerCase().includes('does not count') === true,
  );
  await act(
    stage,
    covered,
    'Alice, whom the policy names, approves with a GitHub review.',
    () => control.review({ by: 'alice', repo: REPO, number: covered, state: 'approve' }),
    passes(covered),
  );
  control.merge({ by: 'bob', repo: REPO, number: covered, method: 'squash' });
  say(`  Bob merges #${covered}.`);
  await act(
    stage,
    opened,
    `There is an incident. Alice lets #${opened} through: “/threatgate emergency INC-7 …”.`,
    () =>
      control.comment({
        by: 'alice',
        repo: REPO,
        number: opened,
        body: '/threatgate emergency INC-7 the maintenance machine cannot be reached from the office',
      }),
    passes(opened),
  );
}

async function act(
  stage: Stage,
  number: number,
  what: string,
  does: () => void,
  done: () => boolean,
): Promise<void> {
  // GitHub's clock has seconds: whatever is said in the second of an answer was said before it.
  await pause(1_100);
  stage.say(what);
  does();
  await until(done);
  await rest(stage.gh);
  stage.say(await shown(stage, number));
}

const MARKS: Readonly<Record<string, string>> = { success: '✓', failure: '✗', action_required: '…' };

async function shown(stage: Stage, number: number, branch = ''): Promise<string> {
  const run = await until(() => checkOf(stage.gh, number));
  return `  ${MARKS[run.conclusion ?? ''] ?? '?'} #${number} ${branch.padEnd(10)} ${run.conclusion ?? ''}: ${run.title ?? ''}`;
}

function checkOf(
  gh: GitHubDouble,
  number: number,
): ReturnType<GitHubDouble['observe']['checkRuns']>[number] | undefined {
  const { headSha } = gh.observe.pull({ repo: REPO, number });
  return gh.observe.checkRuns(REPO, headSha).find((run) => run.status === 'completed');
}

/** What an auditor will find, read from the service's own database. */
async function tellRecords(data: string, say: (line: string) => void): Promise<void> {
  const store = await openStore({ file: join(data, 'threatgate.sqlite') });
  try {
    const merged = async (): Promise<number | undefined> => {
      const [row] = await store.repositories().then((rows) => rows.filter((r) => r.repository.name === REPO));
      const records = row ? await store.records({ repository: row.repository.id }) : [];
      return records.some((r) => r.kind === 'merged') ? row?.repository.id : undefined;
    };
    const id = await untilResolved(merged);
    const records = await store.records({ repository: id });
    const chain = verifyChain(await store.recordTexts({ repository: id }));
    say('What is on record by now, each entry with the hash of the one before it:');
    for (const r of records.filter((each) => each.pullRequest !== undefined))
      say(
        `  ${String(r.sequence).padStart(3)}  ${r.kind.padEnd(17)} #${r.pullRequest}${r.actor ? `  ${r.actor.login}, ${r.actor.role}` : ''}`,
      );
    say(
      chain.ok
        ? `  The chain of ${chain.count} records holds.`
        : `  The chain is broken at ${chain.sequence}: ${chain.why}`,
    );
    if (!chain.ok) throw new Error('The chain of records is broken.');
  } finally {
    await store.close();
  }
}

/** Until nobody has anything left to say: neither webhooks nor requests. */
async function rest(gh: GitHubDouble): Promise<void> {
  for (let before = -1; before !== gh.requests.length || gh.pending().length > 0;) {
    before = gh.requests.length;
    await pause(600);
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const PATIENCE_MS = 30_000;

const until = <T>(look: () => T | undefined | false): Promise<T> =>
  untilResolved(() => Promise.resolve(look()));

async function untilResolved<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Nothing happened within ${PATIENCE_MS / 1000} seconds.`);
    await pause(50);
  }
}
