import type { Way } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { inForce } from './decisions.ts';
import { NOT_ON_RECORD, numbers, text } from './details.ts';
import { isRebuilt } from './rebuilt.ts';
import type { VerdictAtMerge } from './verdict-at-merge.ts';

/** A merge with all that is known about it. */
export interface Merge extends VerdictAtMerge {
  readonly record: AuditRecord;
  readonly trail: readonly AuditRecord[];
  readonly at: string;
}

export interface Explained {
  readonly way: Way;
  /** One sentence. It holds texts of contributors, not escaped. */
  readonly why: string;
}

/** Why it came that way, or undefined when it did not. */
type Rule = (merge: Merge) => string | undefined;

/** Most serious first: the first one that has something to say decides. */
const RULES: readonly (readonly [Way, Rule])[] = [
  ['bypassed', bypassed],
  ['unexplained', notRemembered],
  ['emergency', emergency],
  ['waived', waived],
  ['not-triggered', notTriggered],
  ['observed', observed],
  ['gated', gated],
];

export function wayOfMerge(merge: Merge): Explained {
  for (const [way, rule] of RULES) {
    const why = rule(merge);
    if (why !== undefined) return { way, why };
  }
  return { way: 'unexplained', why: unexplained(merge) };
}

export function wayOfPush(record: AuditRecord): Explained {
  return { way: 'direct-push', why: whyPushed(record) };
}

function whyPushed({ details }: AuditRecord): string {
  const branch = text(details['branch']) ?? 'a protected branch';
  if (details['forced'] === true)
    return `The history of ${branch} was rewritten, so that not every commit can be accounted for.`;
  if (details['complete'] === false)
    return `More came to ${branch} than can be accounted for commit by commit.`;
  const elsewhere = numbers(details['mergedElsewhere']).map((n) => `#${n}`);
  return elsewhere.length > 0
    ? `Pushed to ${branch}: a pull request brought it to another branch (${elsewhere.join(', ')}), none to this one.`
    : `Pushed to ${branch}: no pull request brought it there.`;
}

function bypassed({ trail }: Merge): string | undefined {
  const record = trail.find((r) => r.kind === 'bypassed');
  return (
    record && sentence(text(record.details['reason']) ?? `Merged past the gate; why is ${NOT_ON_RECORD}`)
  );
}

/** Of a merge that was filled in: what is missing, without which it must not look as if it had been let through. */
function notRemembered({ record }: Merge): string | undefined {
  const missing = text(record.details['missing']);
  return isRebuilt(record) && missing !== undefined ? sentence(missing) : undefined;
}

/** Whether nothing on record speaks against it having been let through. */
function isGreen({ verdict, check, contradiction }: Merge): boolean {
  const shown = check === undefined || check === 'none' || check === 'success';
  return verdict?.conclusion === 'success' && shown && contradiction === undefined;
}

/**
 * The record does not say whether it would have passed without: an exception that stood is taken to be what let it through.
 * Where nothing was significant, there was nothing to let through.
 */
function exception(kind: 'emergency' | 'waived', merge: Merge): AuditRecord | undefined {
  if (!isGreen(merge) || merge.applicable === false) return undefined;
  const before = merge.trail.filter((r) => r.sequence < merge.record.sequence);
  return inForce(kind, before, merge.verdict?.digest, merge.at).at(-1);
}

function emergency(merge: Merge): string | undefined {
  const record = exception('emergency', merge);
  if (!record) return undefined;
  const incident = text(record.details['incident']) ?? `incident ${NOT_ON_RECORD}`;
  return `Let through as an emergency (${incident}) by ${who(record)}: ${reasonOf(record)}`;
}

function waived(merge: Merge): string | undefined {
  const record = exception('waived', merge);
  if (!record) return undefined;
  const expires = text(record.details['expires']);
  return `Waived by ${who(record)}${expires === undefined ? '' : ` until ${expires}`}: ${reasonOf(record)}`;
}

function notTriggered(merge: Merge): string | undefined {
  if (!isGreen(merge) || merge.applicable !== false) return undefined;
  const { rules } = merge.verdict ?? {};
  return `Nothing in it was significant by the written rules (version ${rules ?? NOT_ON_RECORD}).`;
}

function observed(merge: Merge): string | undefined {
  if (!isGreen(merge) || merge.applicable !== true || merge.verdict?.mode !== 'observe') return undefined;
  const title = merge.verdict.title.replace(/^Observing: /, '');
  return sentence(`The rules only observed at the time: ${title}`);
}

function gated(merge: Merge): string | undefined {
  if (!isGreen(merge) || merge.applicable !== true || merge.verdict?.mode !== 'enforce') return undefined;
  const { title } = merge.verdict;
  return sentence(
    merge.check === 'none'
      ? `Merged before the check had said anything, but green as it was merged: ${title}`
      : `Green as it was merged: ${title}`,
  );
}

function unexplained({ verdict, contradiction, check, applicable }: Merge): string {
  if (!verdict) return 'No verdict on it is on record.';
  if (contradiction !== undefined) return contradiction;
  const { conclusion, title } = verdict;
  if (conclusion === NOT_ON_RECORD) return `What the verdict came to is ${NOT_ON_RECORD}.`;
  if (conclusion !== 'success' && check === 'success')
    return sentence(
      `The check said success, but judged as it was merged the verdict is ${conclusion}: ${title}`,
    );
  if (conclusion !== 'success')
    return sentence(`The verdict is ${conclusion}, and no record says how it could be merged: ${title}`);
  if (applicable === undefined) return `Whether it touched the architecture is ${NOT_ON_RECORD}.`;
  if (verdict.mode === NOT_ON_RECORD)
    return `Whether the rules were enforced or only observed is ${NOT_ON_RECORD}.`;
  return `The check said ${check ?? 'nothing'} when it was merged, and no record says how it could be merged.`;
}

const who = ({ actor }: AuditRecord): string => (actor ? `@${actor.login}` : 'somebody not on record');

const reasonOf = ({ details }: AuditRecord): string =>
  sentence(text(details['reason']) ?? `the reason is ${NOT_ON_RECORD}`);

/** Reasons are people's own words, with a full stop or without. */
const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
