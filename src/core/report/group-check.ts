import type { Verdict } from '../model/verdict.ts';
import type { CheckRunReport } from './check-run.ts';
import { code, markdown, sentence } from './escape.ts';

/** What is known of a merge group. */
export interface GroupOutcome {
  readonly passes: boolean;
  /** One sentence, names in backticks; so the remedy. */
  readonly reason: string;
  readonly remedy?: string;
  /** Pull request of the group; 0 when its ref names none. */
  readonly number: number;
  readonly verdict?: Verdict;
  readonly record?: { readonly sequence: number; readonly hash: string };
}

/** The check run of a merge group: nobody can press anything there, so it only says whether and why. */
export function renderGroupCheck(outcome: GroupOutcome): CheckRunReport {
  const { passes, reason, remedy, number, verdict, record } = outcome;
  const say = (text: string): string => sentence(text, code, markdown);
  const facts = (verdict?.facts ?? []).filter((f) => f.deciding);
  const lines = [
    `## ${passes ? '✅' : '❌'} ${say(reason)}`,
    ...(remedy === undefined ? [] : ['', say(remedy)]),
    ...(facts.length === 0 || passes
      ? []
      : ['', ...facts.slice(0, MOST).map((f) => `- ${say(f.statement)}`)]),
    ...(facts.length > MOST && !passes ? [`- … and ${facts.length - MOST} more`] : []),
  ];
  const proof = { digest: verdict?.digest, base: verdict?.base, head: verdict?.head, record };
  return {
    conclusion: passes ? 'success' : 'failure',
    title: (passes ? `Proven for #${number}` : 'Not what was approved').slice(0, 200),
    summary: `${lines.join('\n')}\n`,
    text: `\`\`\`json\n${JSON.stringify(proof, undefined, 2)}\n\`\`\`\n`,
    annotations: [],
    buttons: [],
  };
}

const MOST = 50;
