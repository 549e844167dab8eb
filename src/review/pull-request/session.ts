import type { Analysis } from '../../core/assess.ts';
import type { Contributors } from '../../core/model/account.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later } from '../deps.ts';
import { Later } from '../hosting-errors.ts';
import type { Look } from './context.ts';
import { contributorsOf } from './contributors.ts';
import type { Session } from './decisions.ts';
import type { Memory } from './memory.ts';
import { text } from './said.ts';

/** How often nobody knowing who pushed is put down to GitHub's lists lagging behind, before it counts against everybody. */
const PATIENCE = 2;

/** What decisions are judged by. Who had a hand in the change is asked for once, and only when somebody decides something. */
export async function sessionOf(
  look: Look,
  analysis: Analysis,
  past: readonly AuditRecord[],
  analysisAt: Session['analysisAt'],
): Promise<Session & { readonly memory: () => Memory }> {
  const { state, deps, hosting, reading, lease } = look;
  let { memory } = look;
  let known: Contributors | undefined;
  return {
    state,
    policy: reading.policy,
    isRuled: reading.doubts.length === 0,
    analysis,
    shown: await deps.store.shown(state.repository.id, state.number),
    hosting,
    now: deps.now(),
    contributors: async () => {
      if (known) return known;
      const found = await contributorsOf(state, memory, hosting);
      if (found.contributors.pushers === undefined && lease.attempts < PATIENCE)
        throw new Later(
          'nobody can tell yet who pushed the head',
          later(deps.now(), 5_000 * (lease.attempts + 1)),
        );
      ({ memory } = found);
      return (known = found.contributors);
    },
    analysisAt,
    verdictOf: (digest) => verdictOf(digest, past, look),
    memory: () => memory,
  };
}

async function verdictOf(
  digest: string,
  past: readonly AuditRecord[],
  { deps }: Look,
): Promise<Verdict | undefined> {
  const evaluated = past.findLast((r) => r.kind === 'evaluated' && r.digest === digest);
  const name = text(evaluated?.details['document']);
  const document = name === undefined ? undefined : await deps.store.document(name);
  // Written by us, and named by its own digest.
  return document ? (JSON.parse(document.text) as Verdict) : undefined;
}
