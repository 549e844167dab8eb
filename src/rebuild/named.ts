import type { RecordKind } from '../core/model/record.ts';
import type { Judgement } from '../core/model/verdict.ts';
import type { CheckRunText } from '../core/report/read-check-run-text.ts';

/** Decisions that let something through. */
export type Letting = 'approved' | 'waived' | 'emergency';

const BEGINS: Readonly<Record<Letting, RegExp>> = {
  approved: /^Approved by @/,
  waived: /^Waived by @/,
  emergency: /^Let through as an emergency \(/,
};

/** Sentences of a verdict that say whose decision it rests on: its title, and why approval is judged as it is. */
function grounds({ head, whole }: CheckRunText): readonly string[] {
  const approval = whole && approvalIn(whole.judgement);
  return [head.title, ...(approval?.state === 'pass' ? [approval.reason] : [])];
}

const approvalIn = ({ children }: Judgement): Judgement | undefined =>
  children.find((child) => child.id === 'TM004');

/** Whether the verdict rests on a decision of this kind by this person. What it does not say in so many words, it does not say. */
export function restsOn(told: CheckRunText, kind: Letting, login: string): boolean {
  const by = new RegExp(`by @${escaped(login)}(?![\\w\\[-])`, 'i');
  return grounds(told).some((text) => BEGINS[kind].test(text) && by.test(text));
}

/** The exceptions that a verdict rests on, whoever made them. */
export function exceptionsIn(told: CheckRunText): readonly Exclude<Letting, 'approved'>[] {
  return (['emergency', 'waived'] as const).filter((kind) =>
    grounds(told).some((text) => BEGINS[kind].test(text)),
  );
}

/** Why somebody's decision did not count, where a verdict says so. */
export function whyNot({ whole }: CheckRunText, login: string): string | undefined {
  const entries = whole ? (approvalIn(whole.judgement)?.children ?? []) : [];
  const own = entries.find(({ title }) => title.toLowerCase() === `by @${login.toLowerCase()}`);
  const [, reason] = /^Does not count: ([^]*)\.$/.exec(own?.reason ?? '') ?? [];
  return reason;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const LETTING: ReadonlyMap<string, Letting & RecordKind> = new Map([
  ['approve', 'approved'],
  ['waive', 'waived'],
  ['emergency', 'emergency'],
]);
