/** Trails for tests: records as the service writes them, sealed into a chain for each repository. */
import { parseRecord, seal, START, type Head } from '../../src/core/ledger/chain.ts';
import type { ChangeEntry, Period } from '../../src/core/model/audit.ts';
import type { Actor, AuditRecord, RecordDraft, RecordKind } from '../../src/core/model/record.ts';
import { populationOf } from '../../src/core/audit/population.ts';

export const SHOP = { id: 1, name: 'acme/shop' };
export const BANK = { id: 2, name: 'acme/bank' };
export const ALWAYS: Period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
export const NOVEMBER: Period = { from: '2026-11-01', to: '2026-12-01' };

export const actor = (login: string, role = 'approver (user)'): Actor => ({
  id: `id-${login}`,
  login,
  kind: 'user',
  role,
});

export type Draft = Partial<RecordDraft> & { readonly kind: RecordKind };

/** `at` is a minute after the record before, unless it is said. */
export function chain(...drafts: readonly Draft[]): readonly AuditRecord[] {
  const heads = new Map<number, Head>();
  let minute = Date.parse('2026-11-02T09:00:00.000Z');
  return drafts.map((draft, index) => {
    minute = draft.at === undefined ? minute + 60_000 : Date.parse(draft.at);
    const whole: RecordDraft = {
      repository: SHOP,
      at: new Date(minute).toISOString(),
      source: `${draft.kind}/${draft.pullRequest ?? draft.commit ?? index}/${index}`,
      details: {},
      ...draft,
    };
    const sealed = seal(whole, heads.get(whole.repository.id) ?? START);
    heads.set(whole.repository.id, sealed.head);
    return parseRecord(sealed.text);
  });
}

const about = (pullRequest: number): Pick<RecordDraft, 'pullRequest' | 'commit' | 'digest'> => ({
  pullRequest,
  commit: `head-${pullRequest}`,
  digest: `sha256:content-${pullRequest}`,
});

type Details = RecordDraft['details'];

export const evaluated = (pullRequest: number, details: Details = {}, more: Partial<Draft> = {}): Draft => ({
  ...about(pullRequest),
  kind: 'evaluated',
  ...more,
  details: {
    document: `sha256:verdict-${pullRequest}`,
    mode: 'enforce',
    conclusion: 'success',
    applicable: true,
    title: 'The model covers the change and it is approved',
    policy: { origin: 'repository', digest: 'sha256:policy' },
    tool: { name: 'threatgate', version: '0.1.0', rules: '7', catalogue: '3' },
    facts: 2,
    categories: ['data-store', 'exposure'],
    ...details,
  },
});

export const merged = (pullRequest: number, details: Details = {}, more: Partial<Draft> = {}): Draft => ({
  ...about(pullRequest),
  kind: 'merged',
  source: `merged/${pullRequest}`,
  actor: actor('bob', 'merged it'),
  ...more,
  details: {
    baseRef: 'main',
    check: 'success',
    conclusion: 'success',
    applicable: true,
    title: 'The model covers the change and it is approved',
    author: { id: 'id-bob', login: 'bob', kind: 'user' },
    document: `sha256:verdict-${pullRequest}`,
    ...details,
  },
});

export const decided = (
  kind: RecordKind,
  pullRequest: number,
  details: Details = {},
  more: Partial<Draft> = {},
): Draft => ({ ...about(pullRequest), kind, actor: actor('alice'), details, ...more });

export const pushed = (commit: string, details: Details = {}, more: Partial<Draft> = {}): Draft => ({
  kind: 'direct-push',
  commit,
  actor: actor('ada', 'pushed it'),
  ...more,
  details: { branch: 'main', committedAt: '1999-01-01T00:00:00Z', ...details },
});

/** The only change of these records. */
export function theChange(...drafts: readonly Draft[]): ChangeEntry {
  const { changes } = populationOf(chain(...drafts), ALWAYS);
  const [change, ...more] = changes;
  if (!change || more.length > 0) throw new Error(`There are ${changes.length} changes instead of one.`);
  return change;
}

export const wayOf = (...drafts: readonly Draft[]): string => theChange(...drafts).way;
