/** Real verdicts for the pages, and what a hostile database could hold in place of one. */
import { digestOf } from '../../src/core/digest.ts';
import type { Approval } from '../../src/core/model/approval.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { CHANGES, SHOP } from '../service/shop.ts';
import { judgeFiles } from '../support/judge.ts';

export interface StoredDocument {
  readonly digest: string;
  readonly kind: string;
  readonly text: string;
}

export const stored = (text: string, kind = 'verdict'): StoredDocument => ({
  digest: digestOf(text),
  kind,
  text,
});

export const document = (verdict: Verdict): StoredDocument => stored(renderJson(verdict));

/** Not seen, obeyed by whatever shows it as it is; and a word that no line can hold. */
export const RTL = '\u202Egnp.exe\u0000\u001B[31m';
export const LONG_WORD = 'w'.repeat(100_000);
export const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

export interface Verdicts {
  readonly quiet: Verdict;
  readonly uncovered: Verdict;
  readonly waiting: Verdict;
  readonly approved: Verdict;
  readonly opened: Verdict;
  readonly hostile: Verdict;
}

export async function makeVerdicts(): Promise<Verdicts> {
  const judge = (change: keyof typeof CHANGES, entries: readonly Approval[] = []): Promise<Verdict> =>
    judgeFiles(SHOP, { ...SHOP, ...CHANGES[change] }, { approvals: { entries }, at: '2026-10-02T12:00:00Z' });
  const waiting = await judge('covered');
  const yes: Approval = {
    kind: 'approve',
    actor: { id: 'id-carol', login: 'carol' },
    at: '2026-10-02T11:00:00Z',
    digest: waiting.digest,
    eligible: true,
    role: 'approver (team acme/security)',
  };
  const opened = await judge('opened');
  return {
    quiet: await judge('quiet'),
    uncovered: await judge('uncovered'),
    waiting,
    approved: await judge('covered', [yes]),
    opened,
    hostile: hostile(opened),
  };
}

/** Every text of it is what somebody would write who wants to be obeyed. */
function hostile(verdict: Verdict): Verdict {
  const fact = verdict.facts[0];
  if (fact === undefined) throw new Error('Nothing was found.');
  return {
    ...verdict,
    title: `${MARKUP} ${RTL}`,
    facts: [
      {
        ...fact,
        id: 'hostile',
        address: `${MARKUP}.${RTL}`,
        scope: `../${RTL}/${MARKUP}`,
        statement: `${LONG_WORD} \`${MARKUP}\``,
        file: `javascript:alert(1)/${MARKUP}/${RTL}`,
        reaches: [MARKUP, LONG_WORD, `${RTL}.b`],
      },
      ...verdict.facts,
    ],
    model: {
      touched: [`${MARKUP}.md`],
      changes: [
        {
          op: 'added',
          element: 'flow',
          key: 'x',
          name: LONG_WORD,
          properties: [],
          details: [MARKUP, LONG_WORD],
          location: { file: RTL, line: 1 },
          meaning: JSON.stringify({ source: MARKUP, target: RTL, name: LONG_WORD }),
        },
        {
          op: 'changed',
          element: 'boundary',
          key: 'y',
          name: `${MARKUP}${RTL}`,
          properties: ['members'],
          details: [],
          location: { file: 'm', line: 1 },
          meaning: `{"members":["${RTL.slice(1, 4)}","${'m'.repeat(5_000)}"`,
        },
      ],
    },
  };
}
