import type { Level, Mitigation, ThreatState } from '../../model/threat-model.ts';
import { LEVEL_WORDS, STATE_WORDS } from './rating-words.ts';
import { normaliseName } from './text.ts';

const LEVEL_OF = new Map<string, Level>(
  LEVEL_WORDS.flatMap(([level, words]) => words.map((word) => [normaliseName(word), level])),
);

/** Signs people use for levels. */
const LEVEL_SIGNS: readonly (readonly [string, Level])[] = [
  ['🔴', 'high'],
  ['🟠', 'high'],
  ['🟡', 'medium'],
  ['🟢', 'low'],
];

/** `TBD`, `TBA`, `?` and the like say that nobody has rated it yet. */
const UNRATED =
  /^(?:tb[ad]|to be (?:determined|decided)|unrated|unknown|not rated|n a|todo|none set|\?+|-+|–|—)$/;

/** Level of a rating as written: words in many languages, `P1`, `**HIGH**`, `High (8.1)`, `15`. `max`: top of a numeric scale. */
export function levelOf(raw: string, max?: number): Level {
  const words = normaliseName(raw);
  if (words === '' || UNRATED.test(words)) return 'unrated';
  const exact =
    LEVEL_OF.get(words) ?? LEVEL_OF.get(words.replace(/ (?:risk|severity|priority|impact|likelihood)$/, ''));
  if (exact) return exact;
  const number = /^(\d{1,4}(?:\.\d{1,3})?)(?:\s*\/\s*(\d{1,4}))?$/.exec(raw.replace(/[*_`]/g, '').trim());
  if (number) return levelOfNumber(Number(number[1]), number[2] === undefined ? max : Number(number[2]));
  const first = /^(?:very (?:high|low)|[\p{L}\p{M}]+\d?)/u.exec(words)?.[0];
  const bySign = LEVEL_SIGNS.find(([sign]) => raw.includes(sign))?.[1];
  const leading = first !== undefined && first.length > 1 ? LEVEL_OF.get(first) : undefined;
  return leading ?? bySign ?? 'unrated';
}

/** Shares of the scale's top from which a number counts as a level; CVSS's own bounds fit them. */
function levelOfNumber(value: number, max?: number): Level {
  const top = max ?? (value <= 5 && Number.isInteger(value) ? 5 : value <= 10 ? 10 : value <= 25 ? 25 : 100);
  const share = top > 0 ? value / top : 0;
  if (share >= 0.9) return 'critical';
  if (share >= (top === 25 ? 0.48 : 0.7)) return 'high';
  if (share >= (top === 25 ? 0.24 : 0.4)) return 'medium';
  return value > 0 ? 'low' : 'none';
}

const RANK: readonly Level[] = ['none', 'low', 'medium', 'high', 'critical'];

/** Level of a risk from its likelihood and impact, when both say something: their mean, rounded up. */
export function combineLevels(likelihood: string | undefined, impact: string | undefined): Level {
  const ranks = [likelihood, impact].map((raw) => RANK.indexOf(levelOf(raw ?? '')));
  if (ranks.some((rank) => rank < 0)) return 'unrated';
  return RANK[Math.ceil(ranks.reduce((sum, rank) => sum + rank, 0) / 2)] ?? 'unrated';
}

const STATE_SIGNS: readonly (readonly [RegExp, ThreatState])[] = [
  [/[✅✔☑]/u, 'mitigated'],
  [/[❌✖✗]/u, 'open'],
  [/⚠|🚧|🟡|⏳|🔄|🔜/u, 'in-progress'],
];

/** State of a threat as written: words in several languages, or a sign at the start. */
export function stateOf(raw: string): ThreatState {
  const words = normaliseName(raw.replace(/^(?:threat|mitigation|risk)(?=[A-Z])/, ''));
  const byWord = STATE_WORDS.find(([, pattern]) => pattern.test(words))?.[0];
  return byWord ?? STATE_SIGNS.find(([sign]) => sign.test(raw.slice(0, 8)))?.[1] ?? 'unset';
}

const PLANNED =
  /\b(?:planned|to ?do|tbd|not (?:yet |currently )?implemented|unimplemented|will be|should be|needs? to|recommended?|consider|proposed|future work|roadmap|required \(|geplant|à faire)\b/i;
const IN_PLACE = /✅|✔|☑|\b(?:implemented|in place|enforced|already|enabled|done|verified|umgesetzt)\b/iu;

/** What the words of a mitigation say about itself; the threat's own state decides where they say nothing. */
export function mitigationState(text: string, threat: ThreatState): Mitigation['state'] {
  if (PLANNED.test(text) || /⚠|🚧|🔜|❌/u.test(text.slice(0, 8))) return 'proposed';
  if (threat === 'mitigated' || IN_PLACE.test(text)) return 'implemented';
  if (threat === 'in-progress') return 'in-progress';
  return threat === 'open' ? 'proposed' : 'unset';
}
