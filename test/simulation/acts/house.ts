/** What changes around the pull requests: rules, teams, and what GitHub tells twice. */
import { POLICY_PATH } from '../../service/shop.ts';
import { policyOf, REPO, rulesNow, type Rules } from '../truth.ts';
import type { Stage } from '../people.ts';

export function joinOrLeave({ setting, truth, random }: Stage): void {
  const login = random.pick(['carol', 'carol', 'dave']);
  const { at } = setting.clock;
  const membership = truth.members.find((m) => m.login === login && m.to === Infinity);
  const place = { organisation: 'acme', team: 'security', login };
  if (membership) {
    setting.gh.control.setTeamMember({ ...place, state: 'none' });
    membership.to = at;
  } else {
    setting.gh.control.setTeamMember({ ...place, state: 'active' });
    truth.members.push({ login, from: at, to: Infinity });
  }
}

const VARIANTS: readonly Omit<Rules, 'at'>[] = [
  { kind: 'enforce', users: ['alice'], team: true },
  { kind: 'enforce', users: ['alice'], team: false },
  { kind: 'enforce', users: ['dave'], team: true },
  { kind: 'broken', users: [], team: false },
];

/** Where rules are changed at all; that they only observe makes everything green, and so is not for every schedule. */
export function changeRules({ setting, truth, random }: Stage): void {
  const some = truth.rules.some((r) => r.kind === 'observe') || random.chance(0.1);
  const wanted = some
    ? random.pick([...VARIANTS, { kind: 'observe', users: ['alice'], team: true } as const])
    : random.pick(VARIANTS);
  const text = policyOf(wanted);
  if (text === policyOf(rulesNow(truth))) return;
  const sha = setting.gh.control.directPush({
    by: 'ada',
    repo: REPO,
    branch: 'main',
    files: { [POLICY_PATH]: text },
    date: new Date('2026-11-01T11:00:00Z'),
  });
  truth.direct.push(sha);
  truth.rules.push({ ...wanted, at: setting.clock.at });
}

/** GitHub delivers again what it has delivered long ago, across restarts too. */
export function deliverAgain({ setting, random }: Stage): void {
  const { world } = setting.gh;
  const old = random.pick(world.deliveries.filter((d) => d.state === 'done'));
  const now = setting.clock.at;
  const again = { ...old, id: world.nextId(), createdAt: now, dueAt: now, outcome: undefined };
  world.deliveries.push({ ...again, state: 'pending' });
}
