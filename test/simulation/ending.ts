/** What must hold once everything had time to heal. */
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { keyOf, type Work } from '../../src/review/work.ts';
import { checkAt, ownCheck } from './invariants.ts';
import { mayBeGreen, mustSay } from './oracle.ts';
import { turn } from './processes.ts';
import type { Play } from './play.ts';
import { contentBetween, contentOf, everBeen, openPulls, pullOf, REPO, rulesNow } from './truth.ts';

export async function violationsInTheEnd(play: Play): Promise<readonly string[]> {
  const { id } = play.setting.gh.world.repository(REPO);
  const records = await play.store.records({ repository: id });
  return [
    ...wrongConclusions(play),
    ...greenGroups(play),
    ...(await lostDeliveries(play)),
    ...(await brokenLedger(play)),
    ...(await leftSignals(play)),
    ...unheard(play, records),
    ...unaccounted(play, records),
    ...(await restless(play)),
    ...(await deaf(play)),
  ];
}

function wrongConclusions(play: Play): readonly string[] {
  const { setting, truth } = play;
  return openPulls(setting, truth).flatMap((number): readonly string[] => {
    const check = ownCheck(setting, number);
    if (check?.status !== 'completed') return [`#${number} is open without a completed check`];
    const content = contentOf(setting, number);
    const due = mustSay(play, number);
    if (due !== undefined && check.conclusion !== due)
      return [`#${number} (${content}) says ${String(check.conclusion)} instead of ${due}`];
    const isGreen = checkAt(setting, pullOf(setting, number).headSha)?.conclusion === 'success';
    return isGreen && rulesNow(truth).kind !== 'observe' && !mayBeGreen(play, number, content)
      ? [`#${number} is green at rest with ${content}, and nobody's yes to it holds`]
      : [];
  });
}

/** Every group that is waited for has its answer, and none is green that nobody approved. */
function greenGroups(play: Play): readonly string[] {
  const { setting, truth } = play;
  const heard = new Set(
    setting.gh.deliveries.flatMap((d) => (d.event === 'merge_group' && d.state !== 'lost' ? [d.guid] : [])),
  );
  return setting.gh.world.repository(REPO).queue.flatMap((entry): readonly string[] => {
    const check = checkAt(setting, entry.headSha);
    const { number } = entry.pull;
    // Of a group whose only event nobody ever heard of, nobody can know.
    const told = setting.gh.deliveries.some(
      (d) => heard.has(d.guid) && d.event === 'merge_group' && d.payload.includes(entry.headSha),
    );
    if (check?.status !== 'completed') return told ? [`the group of #${number} has no completed check`] : [];
    const content = contentBetween(setting, entry.baseSha, entry.headSha);
    const mayPass = rulesNow(truth).kind === 'observe' || mayBeGreen(play, number, content);
    return check.conclusion === 'success' && !mayPass
      ? [`the group of #${number} is green with ${content}, and nobody's yes to it holds`]
      : [];
  });
}

async function lostDeliveries({ store, acknowledged }: Play): Promise<readonly string[]> {
  const kept = await store.accepted([...acknowledged]);
  return [...acknowledged].filter((guid) => !kept.has(guid)).map((guid) => `acknowledged and lost: ${guid}`);
}

async function brokenLedger({ store, setting }: Play): Promise<readonly string[]> {
  const { id } = setting.gh.world.repository(REPO);
  const verified = verifyChain(await store.recordTexts({ repository: id }));
  return verified.ok ? [] : [`the ledger is broken at ${verified.sequence}: ${verified.why}`];
}

function workOn({ setting }: Play, numbers: readonly number[]): readonly Work[] {
  const repository = { id: setting.gh.world.repository(REPO).id, name: REPO };
  return numbers.map((number) => ({
    installation: setting.installation.id,
    subject: { kind: 'pull-request', repository, number },
  }));
}

/** What was told and cannot be read again has come to something. */
async function leftSignals(play: Play): Promise<readonly string[]> {
  const { store, setting } = play;
  const { id } = setting.gh.world.repository(REPO);
  const keys = [
    ...workOn(play, play.truth.pulls).map(keyOf),
    ...(play.truth.isAccountedFor ? [`push/${id}/main`] : []),
    `repository/${id}`,
    `installation/${setting.installation.id}`,
  ];
  const left = await Promise.all(keys.map(async (key) => ({ key, signals: await store.signals(key) })));
  return left
    .filter(({ signals }) => signals.length > 0)
    .map(({ key, signals }) => `${signals.length} signals are left at ${key}`);
}

/** Whoever said something that can be read, or pressed a button and it was acknowledged, is on record with it. */
function unheard(play: Play, records: readonly AuditRecord[]): readonly string[] {
  const { setting, truth, acknowledged } = play;
  const { gh } = setting;
  const known = new Set(records.map((r) => r.source));
  const said = openPulls(setting, truth).flatMap((number) => {
    const place = { repo: REPO, number };
    const comments = gh.observe.comments(place).filter((c) => c.lastEditedAt === undefined);
    return [
      ...gh.observe.reviews(place).flatMap((r) => (r.state === 'APPROVED' ? [`review/${r.id}`] : [])),
      ...comments.flatMap((c) =>
        /^\/threatgate (?:approve|waive|emergency|aprove)/m.test(c.body) ? [`comment/${c.id}`] : [],
      ),
    ];
  });
  const pressed = gh.deliveries.flatMap((d) =>
    d.action === 'requested_action' &&
    acknowledged.has(d.guid) &&
    !d.payload.includes('"identifier":"recheck"')
      ? [`press/${d.guid}`]
      : [],
  );
  return [...said, ...new Set(pressed)]
    .filter((source) => !known.has(source))
    .map((source) => `nobody heard ${source}`);
}

/** Everything that came onto the main branch, and every pull request that was merged, is on record. */
function unaccounted(play: Play, records: readonly AuditRecord[]): readonly string[] {
  const { setting, truth } = play;
  const of = (kind: AuditRecord['kind']): readonly AuditRecord[] => records.filter((r) => r.kind === kind);
  const pushes = new Set(of('direct-push').map((r) => r.commit));
  const merged = new Set(of('merged').map((r) => r.pullRequest));
  const direct = truth.isAccountedFor ? truth.direct : [];
  return [
    ...direct.filter((sha) => !pushes.has(sha)).map((sha) => `the direct push ${sha} is on no record`),
    ...truth.pulls
      .filter((n) => pullOf(setting, n).mergedAt !== undefined && !merged.has(n))
      .map((n) => `that #${n} was merged is on no record`),
  ];
}

/** Looking once more finds nothing to write: the last state was the right one. */
async function restless(play: Play): Promise<readonly string[]> {
  const { setting, truth } = play;
  // Who may approve is shown, and nobody tells of people who join a team: it is brought up to date with the next look.
  if (truth.members.length > 1 || truth.members[0]?.to !== Infinity) await lookAtAll(play);
  const before = setting.gh.requests.length;
  await lookAtAll(play);
  return setting.gh.requests
    .slice(before)
    .filter((r) => r.method !== 'GET' && r.route !== 'POST /graphql' && !r.route.includes('access_tokens'))
    .map((r) => `a look at rest writes: ${r.route}`);
}

async function lookAtAll(play: Play): Promise<void> {
  const open = openPulls(play.setting, play.truth);
  await play.store.queue.want(workOn(play, open), new Date(play.setting.clock.at).toISOString());
  await turn(play, 0);
}

/** And the other way round: one clear yes of somebody who may is enough. */
async function deaf(play: Play): Promise<readonly string[]> {
  const { setting, truth } = play;
  const rules = rulesNow(truth);
  if (rules.kind !== 'enforce') return [];
  const isMember = (login: string): boolean =>
    truth.members.some((m) => m.login === login && m.to === Infinity);
  const open = openPulls(setting, truth);
  const asked: number[] = [];
  for (const number of open) {
    const { headSha, author } = pullOf(setting, number);
    const content = contentOf(setting, number);
    const isShared = open.some((n) => n !== number && pullOf(setting, n).headSha === headSha);
    // Who pushed to a fork is not told to us here, so that nobody is known to be independent of it.
    if (content === 'quiet' || content === 'other' || isShared || author.login === 'eve') continue;
    const by = [...rules.users, ...(rules.team ? ['carol', 'dave'].filter(isMember) : [])].find(
      (login) => truth.hands.get(number)?.has(login) === false,
    );
    if (by === undefined || everBeen(truth, number).length === 0) continue;
    setting.clock.at += 5_000;
    const place = { repo: REPO, number, by };
    const { id } =
      content === 'covered'
        ? setting.gh.control.review({ ...place, state: 'approve' })
        : setting.gh.control.comment({ ...place, body: '/threatgate waive it is known and fine' });
    const [kind, via] =
      content === 'covered' ? (['approve', 'review'] as const) : (['waive', 'comment'] as const);
    const { at } = setting.clock;
    truth.yeses.push({ number, by, kind, via, id, at, about: [content], independent: true });
    asked.push(number);
  }
  await turn(play, 60_000);
  return asked
    .filter((n) => checkAt(setting, pullOf(setting, n).headSha)?.conclusion !== 'success')
    .map((n) => `#${n} is not green, although somebody who may said yes at last`);
}
