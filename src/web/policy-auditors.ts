import type { Store } from '../review/store.ts';
import type { PolicyFile } from '../review/hosting.ts';
import { policyOfFiles } from '../review/read-policy.ts';

/** Repositories whose rules name somebody as an auditor. */
export type PolicyAuditors = (login: string, nowMs: number) => Promise<readonly number[]>;

/** Rules change rarely, and are read from what is on record about them. */
const FRESH_MS = 60_000;

export function createPolicyAuditors(store: Pick<Store, 'repositories' | 'document'>): PolicyAuditors {
  const known = new Map<string, Promise<readonly string[]>>();
  let made:
    { readonly until: number; readonly byLogin: Promise<ReadonlyMap<string, readonly number[]>> } | undefined;
  const read = async (): Promise<ReadonlyMap<string, readonly number[]>> => {
    const byLogin = new Map<string, number[]>();
    const current = new Set<string>();
    for (const { repository, active, policy } of await store.repositories()) {
      // Of a repository that left, nobody knows any more what its rules say.
      if (!active || policy === undefined) continue;
      // The same rules hold in many repositories; only those that are the organisation's own are read in another way.
      const key = `${policy} ${repository.name.endsWith('/.github') ? repository.name : ''}`;
      current.add(key);
      const logins = known.get(key) ?? auditorsIn(store, policy, repository.name);
      known.set(key, logins);
      for (const login of await logins) {
        const named = byLogin.get(login) ?? [];
        named.push(repository.id);
        byLogin.set(login, named);
      }
    }
    for (const key of known.keys()) if (!current.has(key)) known.delete(key);
    return byLogin;
  };
  return async (login, nowMs) => {
    if (made === undefined || made.until <= nowMs) {
      const reading = { until: nowMs + FRESH_MS, byLogin: read() };
      made = reading;
      reading.byLogin.catch(() => {
        known.clear();
        if (made === reading) made = undefined;
      });
    }
    return (await made.byLogin).get(login.toLowerCase()) ?? [];
  };
}

/** In lower case. Rules that cannot be read name nobody. */
async function auditorsIn(
  store: Pick<Store, 'document'>,
  digest: string,
  name: string,
): Promise<readonly string[]> {
  const document = await store.document(digest);
  if (document?.kind !== 'policy') return [];
  const { organisation, repository } = JSON.parse(document.text) as Readonly<Record<string, unknown>>;
  const file = (text: unknown): PolicyFile => fileOf(text, digest);
  const { policy, doubts } = await policyOfFiles(name, file(repository), file(organisation));
  return doubts.length > 0 ? [] : policy.auditors.map((login) => login.toLowerCase());
}

/** As `review/policy-change.ts` writes them down: an empty text stands for no file. */
const fileOf = (text: unknown, id: string): PolicyFile =>
  typeof text === 'string' && text !== '' ? { kind: 'text', text, id } : { kind: 'absent' };
