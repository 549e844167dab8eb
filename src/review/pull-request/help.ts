import type { Account } from '../../core/model/account.ts';
import type { DecisionKind } from '../../core/model/approval.ts';
import { contributorsOf } from './contributors.ts';
import { eligibilityOf } from './decisions.ts';
import type { Look } from './context.ts';
import type { Found } from './publish.ts';

/** What one person may do on this pull request, shown to them in the summary. */
export interface Help {
  readonly login: string;
  readonly lines: readonly { readonly command: string; readonly may: boolean; readonly why: string }[];
}

const COMMANDS: readonly (readonly [DecisionKind, string, string])[] = [
  ['approve', '/threatgate approve', 'says that the threat model covers this change'],
  ['waive', '/threatgate waive <reason>', 'lets this change through although a rule is broken'],
  [
    'emergency',
    '/threatgate emergency <incident> <reason>',
    'lets it through now, and a review afterwards is due',
  ],
];

/** `/threatgate help` lists what *you* may do here, by the rules and memberships of this moment. */
export async function helpFor(account: Account, look: Look, found: Found): Promise<Help> {
  const { state, reading, hosting } = look;
  const { contributors } = await contributorsOf(state, look.memory, hosting);
  const session = {
    state,
    policy: reading.policy,
    isRuled: reading.doubts.length === 0,
    hosting,
    contributors: () => Promise.resolve(contributors),
  };
  const judged = [];
  for (const [kind, command, does] of COMMANDS) {
    const { eligible, reason } = await eligibilityOf(account, kind, found.records, session);
    judged.push({ command, may: eligible, why: eligible ? does : (reason ?? 'not eligible') });
  }
  return {
    login: account.login,
    lines: [
      ...judged,
      { command: '/threatgate revoke', may: true, why: 'takes back what you decided here' },
      { command: '/threatgate recheck', may: true, why: 'looks at the pull request again' },
    ],
  };
}
