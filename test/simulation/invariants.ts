import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { readExternalId } from '../../src/core/report/external-id.ts';
import type { CheckRun } from '../double/state/checks.ts';
import { APPROVERS, REPO, type Content } from './people.ts';
import type { Play } from './schedule.ts';

/** What must hold at every moment. */
export function violationsNow(play: Play): readonly string[] {
  return [
    ...greenWithoutProof(play, 'in between'),
    ...duplicateChecks(play),
    ...duplicateComments(play),
    ...touchedOthers(play),
  ];
}

/** What must hold once everything had time to heal. */
export async function violationsInTheEnd(play: Play): Promise<readonly string[]> {
  return [
    ...greenWithoutProof(play, 'at rest'),
    ...(await lostDeliveries(play)),
    ...openWithoutCheck(play),
    ...(await brokenLedger(play)),
    ...(await restless(play)),
  ];
}

/** By GitHub's rule: the newest run of our name on the commit. */
function checkOf(play: Play, number: number): CheckRun | undefined {
  const { headSha } = play.setting.gh.observe.pull({ repo: REPO, number });
  return play.setting.gh.observe.checkRuns(REPO, headSha).find((r) => r.suite.app.id === play.setting.app.id);
}

/** A change is green only when it touches nothing, or somebody independent and named said yes to this very content. */
function greenWithoutProof(play: Play, when: 'in between' | 'at rest'): readonly string[] {
  const { truth, setting } = play;
  return truth.pulls.flatMap((number) => {
    const pull = setting.gh.observe.pull({ repo: REPO, number });
    const check = checkOf(play, number);
    const content = truth.contents.get(pull.headSha);
    if (check?.conclusion !== 'success' || content === undefined || pull.state !== 'open') return [];
    const same = when === 'at rest' ? [number] : sharing(play, pull.headSha);
    return same.some((n) => mayBeGreen(play, n, content))
      ? []
      : [`#${number} is green with ${content}, and nobody independent said yes to it`];
  });
}

/** GitHub shows a new pull request the check of its commit that another one has, until we look at it. */
function sharing({ truth, setting }: Play, head: string): readonly number[] {
  return truth.pulls.filter((number) => setting.gh.observe.pull({ repo: REPO, number }).headSha === head);
}

function mayBeGreen({ truth }: Play, number: number, content: Content): boolean {
  if (content === 'quiet') return true;
  return truth.yeses.some(
    (yes) =>
      yes.number === number &&
      yes.independent &&
      APPROVERS.includes(yes.by) &&
      yes.about.includes(content) &&
      (content === 'covered' || yes.kind !== 'approve'),
  );
}

function duplicateChecks(play: Play): readonly string[] {
  const { setting, truth } = play;
  const seen = new Map<string, number>();
  for (const sha of truth.contents.keys())
    for (const run of setting.gh.observe.allCheckRuns(REPO, sha)) {
      if (run.suite.app.id !== setting.app.id) continue;
      const key = `${sha} ${readExternalId(run.externalId)?.subject ?? 'of nothing'}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  return [...seen].filter(([, count]) => count > 1).map(([key, count]) => `${count} check runs for ${key}`);
}

function duplicateComments(play: Play): readonly string[] {
  const { setting, truth } = play;
  return truth.pulls.flatMap((number) => {
    const markers = setting.gh.observe
      .reviewComments({ repo: REPO, number })
      .filter((c) => c.author.type === 'Bot' && c.replyTo === undefined)
      .flatMap((c) => /component=\w+/.exec(c.body) ?? []);
    return markers.length === new Set(markers).size ? [] : [`#${number} has the same comment twice`];
  });
}

/** Ours are the review comments; we write no other comments, and nobody else's is edited by us. */
function touchedOthers({ setting, truth }: Play): readonly string[] {
  return truth.pulls.flatMap((number) => {
    const place = { repo: REPO, number };
    const said = setting.gh.observe.comments(place).filter((c) => c.author.type === 'Bot');
    const edited = setting.gh.observe
      .reviewComments(place)
      .filter((c) => c.author.type !== 'Bot' && c.editor?.type === 'Bot');
    return [...said, ...edited].map(
      () => `#${number}: somebody else's comments, or the conversation, were touched`,
    );
  });
}

async function lostDeliveries({ store, acknowledged }: Play): Promise<readonly string[]> {
  const kept = await store.accepted([...acknowledged]);
  return [...acknowledged].filter((guid) => !kept.has(guid)).map((guid) => `acknowledged and lost: ${guid}`);
}

function openWithoutCheck(play: Play): readonly string[] {
  return play.truth.pulls
    .filter((number) => play.setting.gh.observe.pull({ repo: REPO, number }).state === 'open')
    .filter((number) => checkOf(play, number)?.status !== 'completed')
    .map((number) => `#${number} is open without a completed check`);
}

async function brokenLedger({ store, setting }: Play): Promise<readonly string[]> {
  const { id } = setting.gh.world.repository(REPO);
  const verified = verifyChain(await store.recordTexts({ repository: id }));
  return verified.ok ? [] : [`the ledger is broken at ${verified.sequence}: ${verified.why}`];
}

/** Looking once more finds nothing to write: the last state was the right one. */
async function restless(play: Play): Promise<readonly string[]> {
  const { setting, truth, store } = play;
  const before = setting.gh.requests.length;
  const repository = { id: setting.gh.world.repository(REPO).id, name: REPO };
  const work = truth.pulls.map((number) => ({
    installation: setting.installation.id,
    subject: { kind: 'pull-request' as const, repository, number },
  }));
  await store.queue.want(work, new Date(setting.clock.at).toISOString());
  await play.work();
  return setting.gh.requests
    .slice(before)
    .filter((r) => r.method !== 'GET' && r.route !== 'POST /graphql' && !r.route.includes('access_tokens'))
    .map((r) => `a look at rest writes: ${r.route}`);
}
