import type { PullRequest } from '../double/state/nouns.ts';
import type { Setting } from '../service/harness.ts';
import { CHANGES, POLICY_PATH } from '../service/shop.ts';

export const REPO = 'acme/shop';
export const FORK = 'eve/shop';

/** What a pull request does to its base, told by its files alone. `other`: a mixture, of which nothing is claimed. */
export type Content = keyof typeof CHANGES | 'other';

/** The rules that stood on the default branch from some moment on. */
export interface Rules {
  readonly at: number;
  readonly kind: 'enforce' | 'observe' | 'broken';
  readonly users: readonly string[];
  /** Whether the security team may approve. */
  readonly team: boolean;
}

/** Somebody's yes, as the people of the schedule know that it was said. */
export interface Yes {
  readonly number: number;
  readonly by: string;
  readonly kind: 'approve' | 'waive' | 'emergency';
  readonly via: 'review' | 'comment' | 'button';
  /** Of the review or comment. */
  readonly id: number;
  readonly at: number;
  /** What it can have been about: the commit of a review, or anything that had been there when a comment was made. */
  readonly about: readonly Content[];
  /** Had no hand in the change when it was said. */
  readonly independent: boolean;
}

/** Somebody took back what they had said themselves. */
export interface Revocation {
  readonly number: number;
  readonly by: string;
  readonly at: number;
  readonly comment: number;
}

/** What is true, whatever the service believes. */
export interface Truth {
  /** Numbers of the pull requests, in order. */
  readonly pulls: number[];
  /** Where each comes from. */
  readonly branches: Map<number, { readonly repo: string; readonly branch: string }>;
  /** By number and head: what it has been, under whichever base it had. */
  readonly contents: Map<number, Map<string, Set<Content>>>;
  readonly yeses: Yes[];
  readonly revocations: Revocation[];
  /** Whoever pushed to, wrote or committed something on a pull request's branch. */
  readonly hands: Map<number, Set<string>>;
  readonly rules: Rules[];
  /** When who was in the security team; still is where `to` is infinite. */
  readonly members: { readonly login: string; readonly from: number; to: number }[];
  /** Commits that came onto the main branch past all pull requests. */
  readonly direct: string[];
  /** Whether the service knew the main branch before all of them. */
  readonly isAccountedFor: boolean;
}

export const nothingTrue = (at: number, isAccountedFor: boolean): Truth => ({
  pulls: [],
  branches: new Map(),
  contents: new Map(),
  yeses: [],
  revocations: [],
  hands: new Map(),
  rules: [{ at, kind: 'enforce', users: ['alice'], team: true }],
  members: [{ login: 'carol', from: 0, to: Infinity }],
  direct: [],
  isAccountedFor,
});

export const pullOf = ({ gh }: Setting, number: number): PullRequest =>
  gh.observe.pull({ repo: REPO, number });

export const openPulls = (setting: Setting, truth: Truth): number[] =>
  truth.pulls.filter((number) => pullOf(setting, number).state === 'open');

/** A file of the shop, and the version of it that makes the difference. */
const MARKS: Readonly<Record<string, readonly [path: string, text: string | undefined]>> = {
  exports: ['infra/exports.tf', CHANGES.covered['infra/exports.tf']],
  model: ['docs/threat-model.md', CHANGES.covered['docs/threat-model.md']],
  opened: ['infra/network.tf', CHANGES.opened['infra/network.tf']],
};

const NAMES: Readonly<Record<string, Content>> = {
  '': 'quiet',
  exports: 'uncovered',
  'exports model': 'covered',
  opened: 'opened',
};

/** What the head has and the base has not. Nothing is ever taken away, so that this says it all. */
export function contentBetween(setting: Setting, base: string, head: string): Content {
  const { objects } = setting.gh.world.repository(REPO);
  const has = (commit: string, [path, text]: readonly [string, string | undefined]): boolean => {
    const oid = objects.entry(commit, path)?.oid;
    return text !== undefined && oid !== undefined && objects.blob(oid)?.toString('utf8') === text;
  };
  // Rules that are on one side only are a change of the policy besides.
  const [before, after] = [base, head].map((commit) => objects.entry(commit, POLICY_PATH)?.oid);
  if (before !== after) return 'other';
  const marks = Object.entries(MARKS);
  const lost = marks.some(([, mark]) => has(base, mark) && !has(head, mark));
  const won = marks.flatMap(([name, mark]) => (has(head, mark) && !has(base, mark) ? [name] : []));
  return lost ? 'other' : (NAMES[won.join(' ')] ?? 'other');
}

/** What a pull request is at this moment. */
export function contentOf(setting: Setting, number: number): Content {
  const { baseSha, headSha } = pullOf(setting, number);
  const { objects } = setting.gh.world.repository(REPO);
  return contentBetween(setting, objects.mergeBase(baseSha, headSha) ?? baseSha, headSha);
}

/** Writes down what the open pull requests are now: called after everything that somebody did. */
export function note(setting: Setting, truth: Truth): void {
  for (const number of openPulls(setting, truth)) {
    const { headSha } = pullOf(setting, number);
    const byHead = truth.contents.get(number) ?? new Map<string, Set<Content>>();
    truth.contents.set(number, byHead);
    byHead.set(headSha, (byHead.get(headSha) ?? new Set()).add(contentOf(setting, number)));
  }
}

/** Everything that a pull request has been so far. */
export const everBeen = (truth: Truth, number: number): readonly Content[] => [
  ...new Set([...(truth.contents.get(number)?.values() ?? [])].flatMap((contents) => [...contents])),
];

export const rulesNow = (truth: Truth): Rules => {
  const rules = truth.rules.at(-1);
  if (!rules) throw new Error('There are always rules.');
  return rules;
};

/** The text of a policy file with these rules. */
export function policyOf({ kind, users, team }: Omit<Rules, 'at'>): string {
  if (kind === 'broken') return 'version: 1\nmode: enforced\napprove: [everybody]\n';
  const teams = team ? '\n  teams: [acme/security]' : '';
  return `version: 1\nmode: ${kind}\nmodel:\n  require: covered\napproval:\n  users: [${users.join(', ')}]${teams}\n`;
}
