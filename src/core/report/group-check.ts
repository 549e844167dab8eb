import type { Verdict } from '../model/verdict.ts';
import { byteLength, cutBytes } from './bytes.ts';
import { MOST_BYTES, type CheckRunReport } from './check-run.ts';
import { renderText, type RecordReference } from './check-run-text.ts';
import { code, fence, markdown, sentence } from './escape.ts';
import { toJson } from './json.ts';

/** What is known of a merge group. */
export interface GroupOutcome {
  readonly passes: boolean;
  /** One sentence, names in backticks; so the remedy. */
  readonly reason: string;
  readonly remedy?: string;
  /** Pull request of the group; 0 when its ref names none. */
  readonly number: number;
  readonly verdict?: Verdict;
  readonly record?: RecordReference;
}

/** The check run of a merge group: nobody can press anything there, so it only says whether and why. */
export function renderGroupCheck(outcome: GroupOutcome): CheckRunReport {
  const { passes, verdict, record } = outcome;
  return {
    conclusion: passes ? 'success' : 'failure',
    title: titleOf(outcome),
    summary: summaryOf(outcome),
    text: verdict
      ? renderText(verdict, record, MOST_BYTES)
      : `${fence(toJson({ record }).split('\n'), 'json')}\n`,
    annotations: [],
    buttons: [],
  };
}

function titleOf({ passes, number, verdict }: GroupOutcome): string {
  if (!passes) return verdict ? `Not what was approved on #${number}` : 'Not proven';
  return verdict?.applicable === false ? 'Nothing security-relevant changed' : `Proven for #${number}`;
}

const MOST_FACTS = 50;
/** For the sentence about what is left out. */
const TAIL = 100;

function summaryOf({ passes, reason, remedy, verdict }: GroupOutcome): string {
  const say = (text: string): string => sentence(text, code, markdown);
  const head = [
    `## ${passes ? '✅' : '❌'} ${say(reason)}`,
    ...(remedy === undefined ? [] : ['', say(remedy)]),
  ];
  const facts = passes ? [] : (verdict?.facts ?? []).filter((f) => f.deciding);
  const lines = facts.slice(0, MOST_FACTS).map((f) => `- ${say(f.statement)}`);
  let left = MOST_BYTES - TAIL - byteLength(head.join('\n'));
  const shown = lines.filter((line) => (left -= byteLength(line) + 1) > 0);
  const more = facts.length - shown.length;
  const list = facts.length === 0 ? [] : ['', ...shown, ...(more > 0 ? [`- … and ${more} more`] : [])];
  return cutBytes(`${[...head, ...list].join('\n')}\n`, MOST_BYTES);
}
