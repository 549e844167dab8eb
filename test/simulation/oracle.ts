/** What a check may say and what it must say, told from what people did: an opinion that owes nothing to `src/`. */
import type { Setting } from '../service/harness.ts';
import {
  contentOf,
  openPulls,
  pullOf,
  REPO,
  rulesNow,
  type Content,
  type Rules,
  type Truth,
  type Yes,
} from './truth.ts';

export type Conclusion = 'success' | 'action_required' | 'failure';

export interface Known {
  readonly setting: Setting;
  readonly truth: Truth;
}

/** Whether a pull request that is this may be green: nothing is touched, or somebody who may said yes to it. */
export function mayBeGreen(known: Known, number: number, content: Content): boolean {
  return suffices(content, yesesTo(known, number, content));
}

/** The same, with what was withdrawn in the meantime: the check says so only after the next look. */
export function mayHaveBeenGreen({ truth }: Known, number: number, content: Content): boolean {
  return suffices(content, everSaid(truth, number, content));
}

const suffices = (content: Content, yeses: readonly Yes[]): boolean =>
  content === 'quiet' ||
  content === 'other' ||
  yeses.some((yes) => content === 'covered' || yes.kind !== 'approve');

/** Every yes that may count: when in doubt it does. */
function everSaid(truth: Truth, number: number, content: Content): readonly Yes[] {
  return truth.yeses.filter(
    (yes) => yes.number === number && yes.independent && yes.about.includes(content) && isNamed(truth, yes),
  );
}

const yesesTo = ({ setting, truth }: Known, number: number, content: Content): readonly Yes[] =>
  everSaid(truth, number, content).filter((yes) => !isWithdrawn(setting, truth, yes));

/** By rules and memberships of the moment, or of a later one: what was said is judged when it is first seen. */
function isNamed(truth: Truth, { by, at, kind }: Yes): boolean {
  const isMember = truth.members.some((m) => m.login === by && m.to >= at);
  // Rules that nobody can read name nobody; an emergency is open to everybody who may write.
  const named = (r: Rules): boolean =>
    r.users.includes(by) ||
    (r.team && isMember) ||
    (r.kind === 'broken' && kind === 'emergency' && by !== 'eve');
  return truth.rules.some((rules, i) => named(rules) && (truth.rules[i + 1]?.at ?? Infinity) >= at);
}

/** What can be read again for ever, and says that it holds no more. */
function isWithdrawn({ gh }: Setting, truth: Truth, yes: Yes): boolean {
  if (yes.via === 'button') return false;
  const place = { repo: REPO, number: yes.number };
  const reviews = gh.observe.reviews(place);
  if (yes.via === 'review') {
    if (reviews.find((r) => r.id === yes.id)?.state === 'DISMISSED') return true;
    const isObjection = (r: (typeof reviews)[number]): boolean =>
      r.author.login === yes.by && r.state === 'CHANGES_REQUESTED' && r.id > yes.id;
    if (reviews.some(isObjection)) return true;
  }
  const stands = new Set(
    gh.observe.comments(place).flatMap((c) => (c.lastEditedAt === undefined ? [c.id] : [])),
  );
  return truth.revocations.some(
    (r) => r.number === yes.number && r.by === yes.by && r.at > yes.at && stands.has(r.comment),
  );
}

/** What the check has to say once everything is at rest; undefined where more than one thing could be right. */
export function mustSay(known: Known, number: number): Conclusion | undefined {
  const own = ownConclusion(known, number);
  if (own !== 'success') return own;
  const { headSha } = pullOf(known.setting, number);
  const others = openPulls(known.setting, known.truth)
    .filter((n) => n !== number && pullOf(known.setting, n).headSha === headSha)
    .map((n) => ownConclusion(known, n));
  if (others.includes(undefined)) return undefined;
  // Of one commit all pull requests pass together.
  return others.some((o) => o !== 'success') ? 'action_required' : 'success';
}

function ownConclusion(known: Known, number: number): Conclusion | undefined {
  const { setting, truth } = known;
  const rules = rulesNow(truth);
  const content = contentOf(setting, number);
  if (content === 'other') return undefined;
  if (rules.kind === 'observe') return 'success';
  const yeses = yesesTo(known, number, content);
  if (rules.kind === 'broken') return yeses.length > 0 ? undefined : 'failure';
  if (content === 'quiet') return 'success';
  if (content === 'covered') return yeses.length > 0 ? undefined : 'action_required';
  return yeses.some((y) => y.kind !== 'approve') ? undefined : 'failure';
}
