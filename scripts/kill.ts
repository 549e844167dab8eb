/**
 * `npm run kill -- --cycles N`: the real service is killed (SIGKILL) again and again while webhooks come in. In the end
 * everything that it acknowledged has to be in its database, every open pull request has to have exactly one completed
 * check, and the records have to form a chain.
 */
import type { ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRegistration } from '../src/app/manifest.ts';
import { verifyChain } from '../src/core/ledger/verify-chain.ts';
import { openStore } from '../src/store/open-store.ts';
import { createGitHubDouble, type GitHubDouble } from '../test/double/double.ts';
import { keyPair } from '../test/double/key-pair.ts';
import type { App, Installation } from '../test/double/state/nouns.ts';
import { CHANGES, SHOP } from '../test/service/shop.ts';
import { freePort, startService, stopService } from './service-process.ts';

const SECRET = 'only for killing, on this machine';
const REPO = 'acme/shop';
const PULL_REQUESTS = 12;
const SENDERS = 8;

interface Scene {
  readonly gh: GitHubDouble;
  readonly app: App;
  readonly installation: Installation;
  readonly apiUrl: string;
  readonly port: number;
  readonly data: string;
  /** GUIDs that were answered with 202. */
  readonly acknowledged: Set<string>;
}

function setScene(gh: GitHubDouble, port: number): Pick<Scene, 'app' | 'installation'> {
  const { control } = gh;
  for (const login of ['ada', 'alice', 'bob']) control.createUser({ login, email: `${login}@example.org` });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['alice', 'bob'] });
  control.createRepository({ owner: 'acme', name: 'shop', files: SHOP, collaborators: { bob: 'write' } });
  const { default_permissions: permissions, default_events: events } = readRegistration();
  const url = `http://127.0.0.1:${port}/api/github/webhooks`;
  const app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions,
    events,
    webhook: { url, secret: SECRET },
  });
  const installation = control.install({ app, on: 'acme' });
  const contents = Object.values(CHANGES);
  for (let i = 0; i < PULL_REQUESTS; i++) {
    const branch = `change-${i}`;
    const files = { ...contents[i % contents.length], 'NOTES.md': `Note ${i}\n` };
    control.pushCommit({ by: 'bob', repo: REPO, branch, files });
    control.openPullRequest({ by: 'bob', repo: REPO, head: branch, title: branch });
  }
  return { app, installation };
}

/** Sends deliveries about one pull request after the other until it is told to stop, or nobody answers any more. */
async function load(scene: Scene, stopped: () => boolean): Promise<void> {
  for (let i = 0; !stopped(); i++) {
    const guid = randomUUID();
    const body = deliveryAbout(scene, (i % PULL_REQUESTS) + 1);
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    try {
      const answer = await fetch(`http://127.0.0.1:${scene.port}/api/github/webhooks`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'pull_request',
          'x-github-delivery': guid,
          'x-hub-signature-256': `sha256=${signature}`,
        },
        body,
      });
      if (answer.status === 202) scene.acknowledged.add(guid);
    } catch {
      return;
    }
  }
}

function deliveryAbout({ gh, installation }: Scene, number: number): string {
  const repository = gh.world.repository(REPO);
  const { headSha } = gh.observe.pull({ repo: REPO, number });
  return JSON.stringify({
    action: 'synchronize',
    number,
    pull_request: { number, head: { sha: headSha } },
    repository: { id: repository.id, full_name: REPO },
    installation: { id: installation.id },
    sender: { id: gh.world.account('bob').id, login: 'bob', type: 'User' },
  });
}

async function cycle(scene: Scene, milliseconds: number): Promise<void> {
  const service = await start(scene);
  let over = false;
  const senders = Array.from({ length: SENDERS }, () => load(scene, () => over));
  await pause(milliseconds);
  over = true;
  await stopService(service, 'SIGKILL');
  await Promise.all(senders);
}

const start = (scene: Scene): Promise<ChildProcess> => startService({ ...scene, secret: SECRET });

/** Lets it finish everything, and looks at what there is. */
async function aftermath(scene: Scene): Promise<readonly string[]> {
  const service = await start(scene);
  await untilNothingWaits(scene.port);
  await stopService(service);
  const store = await openStore({ file: join(scene.data, 'threatgate.sqlite') });
  try {
    const kept = await store.accepted([...scene.acknowledged]);
    const lost = [...scene.acknowledged].filter((guid) => !kept.has(guid));
    const chain = verifyChain(await store.recordTexts({ repository: scene.gh.world.repository(REPO).id }));
    return [
      ...lost.map((guid) => `acknowledged and lost: ${guid}`),
      ...checksAmiss(scene),
      ...(chain.ok ? [] : [`the chain of records is broken at ${chain.sequence}: ${chain.why}`]),
    ];
  } finally {
    await store.close();
  }
}

function checksAmiss({ gh }: Scene): readonly string[] {
  return gh.observe.pulls(REPO).flatMap(({ number, headSha }) => {
    const runs = gh.observe.allCheckRuns(REPO, headSha);
    const comments = gh.observe
      .reviewComments({ repo: REPO, number })
      .map((c) => /component=\w+/.exec(c.body)?.[0]);
    return [
      ...(runs.length === 1 && runs[0]?.status === 'completed'
        ? []
        : [`#${number} has ${runs.length} check runs`]),
      ...(new Set(comments).size === comments.length ? [] : [`#${number} has a comment twice`]),
    ];
  });
}

const PATIENCE_MS = 120_000;

async function untilNothingWaits(port: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? '1');
    if (value('threatgate_queue_waiting') + value('threatgate_queue_leased') === 0) return;
    if (Date.now() > end) throw new Error('The service does not come to rest.');
    await pause(200);
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cycles: { type: 'string', default: '30' } } });
  const cycles = Number(values.cycles);
  if (!Number.isInteger(cycles) || cycles < 1) {
    console.error('--cycles takes a whole number.');
    return 64;
  }
  const folder = mkdtempSync(join(tmpdir(), 'threatgate-kill-'));
  const gh = createGitHubDouble();
  const listening = await gh.listen();
  try {
    const port = await freePort();
    const place = { gh, apiUrl: `${listening.url}/api/v3`, port, data: join(folder, 'data') };
    const scene: Scene = { ...place, ...setScene(gh, port), acknowledged: new Set() };
    for (let i = 0; i < cycles; i++) await cycle(scene, 100 + ((i * 137) % 900));
    const amiss = await aftermath(scene);
    for (const line of amiss) console.error(line);
    console.log(
      `${cycles} kills, ${scene.acknowledged.size} deliveries acknowledged, ${amiss.length === 0 ? '0 lost, nothing twice' : `${amiss.length} things amiss`}.`,
    );
    return amiss.length === 0 ? 0 : 1;
  } finally {
    await listening.close();
    gh.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main();
