import { canonicalJson, digestOf } from '../core/digest.ts';
import type { RecordDraft } from '../core/model/record.ts';
import type { LookDeps } from './deps.ts';
import { Unavailable } from './hosting-errors.ts';
import type { PolicyFile, RepositoryState } from './hosting.ts';
import { text } from './pull-request/said.ts';
import type { Changes, Lease, RepositoryRow } from './store.ts';
import type { Work } from './work.ts';

export interface Rules extends Required<Pick<Changes, 'records' | 'documents' | 'want'>> {
  readonly policy: string;
}

/** A policy that cannot be read is asked for again a few times before it counts as one that changed to being unreadable. */
const PATIENCE = 3;

/**
 * Undefined when the rules in force are the ones that were seen last. Else the change goes on record with both texts, and
 * every open pull request is judged anew.
 */
export async function policyChange(
  state: RepositoryState,
  row: RepositoryRow | undefined,
  lease: Lease,
  deps: LookDeps,
): Promise<Rules | undefined> {
  const { repository, policy, organisationPolicy } = state;
  const whole = textOf(state);
  const digest = digestOf(whole);
  if (row?.policy === digest) return undefined;
  if ([policy, organisationPolicy].some((f) => f.kind === 'unreadable') && lease.attempts < PATIENCE)
    throw new Unavailable('the policy cannot be read');
  // The trail is what counts: rules may come back that were there before, and rows may be written by two looks at a time.
  const past = await deps.store.records({ repository: repository.id, kinds: ['policy-changed'] });
  const last = past.at(-1);
  const before = text(last?.details['after']);
  const record: RecordDraft = {
    kind: 'policy-changed',
    repository,
    at: deps.now(),
    source: `policy/${digest}/${last?.sequence ?? 0}`,
    details: { before, after: digest, document: digest },
  };
  return {
    policy: digest,
    records: before === digest ? [] : [record],
    documents: [{ digest, kind: 'policy', text: whole }],
    want: [...openPullRequests(state, lease), ...(await followers(state, row, lease, deps))],
  };
}

type Files = Pick<RepositoryState, 'policy' | 'organisationPolicy'>;

const textOf = ({ policy, organisationPolicy }: Files): string =>
  canonicalJson({ organisation: shown(organisationPolicy), repository: shown(policy) });

/** Names the rules that somebody was judged by. */
export const digestOfRules = (files: Files): string => digestOf(textOf(files));

function shown(file: PolicyFile): string {
  return file.kind === 'text' ? file.text : file.kind === 'absent' ? '' : `unreadable: ${file.why}`;
}

const openPullRequests = ({ repository, open }: RepositoryState, { work }: Lease): readonly Work[] =>
  open.map(({ number }) => ({
    installation: work.installation,
    subject: { kind: 'pull-request', repository, number },
  }));

/** The organisation's `.github` holds the defaults of all its repositories: each finds out what changed for itself. */
async function followers(
  { repository }: RepositoryState,
  row: RepositoryRow | undefined,
  { work: { installation } }: Lease,
  { store }: LookDeps,
): Promise<readonly Work[]> {
  const [owner, name] = repository.name.toLowerCase().split('/');
  if (name !== '.github' || row?.policy === undefined) return [];
  return (await store.repositories())
    .filter((r) => r.active && r.installation === installation && r.repository.id !== repository.id)
    .filter((r) => r.repository.name.toLowerCase().split('/')[0] === owner)
    .map((r) => ({ installation, subject: { kind: 'repository', repository: r.repository } }));
}
