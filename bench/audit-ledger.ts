/** A trail of any length, the same each time: repositories, people and exceptions as an organisation has them. */
import { createHash } from 'node:crypto';
import { seal, START } from '../src/core/ledger/chain.ts';
import { CATEGORIES } from '../src/core/model/fact.ts';
import type { Actor, RecordDraft, RecordKind } from '../src/core/model/record.ts';

export const REPOSITORIES = 200;
export const FIRST = Date.parse('2026-01-01T00:00:00Z');
/** Thirteen months. */
export const LAST = Date.parse('2027-02-01T00:00:00Z');
const PEOPLE = 300;

export const repositoryOf = (number: number): { readonly id: number; readonly name: string } => ({
  id: 1_000 + number,
  name: `acme/service-${String((number * 37) % REPOSITORIES).padStart(3, '0')}`,
});

/** A stored row of the table `records`, in the order of its columns. */
export type LedgerRow = readonly (string | number | null)[];

/** The chain of one repository, in order. The first repository has a fifth of everything. */
export function* chainOf(number: number, records: number): Generator<LedgerRow> {
  const share = number === 0 ? 0.2 : 0.8 / (REPOSITORIES - 1);
  const wanted = Math.round(records * share);
  const random = chance(number);
  let head = START;
  for (const draft of draftsOf(number, wanted, random)) {
    if (head.sequence >= wanted) return;
    const sealed = seal(draft, head);
    const { kind, source, at, actor, pullRequest } = draft;
    yield [
      draft.repository.id,
      sealed.head.sequence,
      head.hash,
      sealed.head.hash,
      kind,
      source,
      at,
      actor?.id ?? null,
      pullRequest ?? null,
      sealed.text,
    ];
    head = sealed.head;
  }
}

type Random = () => number;

/** Numbers from 0 up to 1, the same ones each time. */
function chance(seed: number): Random {
  let state = createHash('sha256').update(`trail ${seed}`).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function* draftsOf(number: number, wanted: number, random: Random): Generator<RecordDraft> {
  // Four records a change, so that the last one comes about when the time is over.
  const changes = Math.ceil(wanted / 3.8);
  for (let n = 1; ; n++) {
    const begin = FIRST + ((n - 1 + random()) / changes) * (LAST - FIRST);
    yield* changeOf(number, n, Math.min(begin, LAST - 3_600_000), random);
  }
}

type Details = RecordDraft['details'];

/** One change from its first verdict to what came after its merge. */
function* changeOf(number: number, n: number, begin: number, random: Random): Generator<RecordDraft> {
  const pick = random();
  const [author, other] = [person(random, true), person(random, false)];
  let minutes = 0;
  const draft = (
    kind: RecordKind,
    details: Details,
    actor?: Actor,
    source = `${kind}/${n}`,
  ): RecordDraft => ({
    kind,
    repository: repositoryOf(number),
    at: new Date(Math.floor(begin) + 60_000 * (minutes += 1 + Math.floor(random() * 5))).toISOString(),
    source,
    ...(actor ? { actor } : {}),
    ...(kind === 'direct-push' || kind === 'gate-outage' ? {} : { pullRequest: n }),
    commit: hex(`commit ${number} ${n}`, 40),
    ...(kind === 'direct-push' ? {} : { digest: `sha256:${hex(`delta ${number} ${n}`, 64)}` }),
    details,
  });
  if (pick < 0.03) {
    yield draft('direct-push', { branch: 'main', author: accountOf(author) }, author, `direct/main/${n}`);
    return;
  }
  if (pick < 0.035)
    yield draft('gate-outage', {
      from: new Date(begin).toISOString(),
      until: new Date(begin + 600_000).toISOString(),
    });
  const quiet = pick < 0.5;
  const categories = quiet
    ? []
    : [
        CATEGORIES[Math.floor(random() ** 2 * CATEGORIES.length)] ?? '',
        ...(random() < 0.3 ? ['data-flow'] : []),
      ];
  const verdict = verdictOf(number, n, author, [...new Set(categories)]);
  const green = {
    ...verdict,
    conclusion: 'success',
    title: quiet ? 'Nothing significant' : 'Covered and approved',
  };
  yield draft(
    'evaluated',
    quiet ? green : { ...verdict, conclusion: 'action_required', title: 'Waits for approval' },
  );
  if (quiet) yield draft('evaluated', green, undefined, `evaluated/${n}/again`);
  else yield* decisions(draft, pick, n, other, random);
  if (!quiet) yield draft('evaluated', green, undefined, `evaluated/${n}/again`);
  const isBypassed = pick > 0.98;
  yield draft(
    'merged',
    {
      ...green,
      ...(isBypassed ? { conclusion: 'failure', title: 'A rule is broken' } : {}),
      check: isBypassed ? 'failure' : 'success',
      baseRef: 'main',
      protected: true,
      mergedAt: new Date(Math.floor(begin) + 60_000 * (minutes + 1)).toISOString(),
    },
    other,
    `merged/${n}`,
  );
  if (isBypassed) yield draft('bypassed', { reason: 'Merged although the check was red.' }, other);
  if (pick > 0.96 && pick <= 0.97 && random() < 0.6)
    yield draft('review-done', { of: `emergency/${n}`, statement: 'Looked at it.' }, person(random, false));
  if (n % 40 === 0)
    yield draft('model-recorded', { document: `sha256:${hex(`model ${number} ${n}`, 64)}`, branch: 'main' });
}

type Maker = (kind: RecordKind, details: Details, actor?: Actor, source?: string) => RecordDraft;

function* decisions(
  draft: Maker,
  pick: number,
  n: number,
  other: Actor,
  random: Random,
): Generator<RecordDraft> {
  if (pick > 0.9 && pick <= 0.96)
    yield draft('waived', { reason: 'A prototype.', expires: '2026-12-01T00:00:00.000Z' }, other);
  else if (pick > 0.96 && pick <= 0.97)
    yield draft(
      'emergency',
      { reason: 'The shop is down.', incident: `INC-${n}`, reviewDue: '2026-12-24T00:00:00.000Z' },
      other,
    );
  else if (pick < 0.95) {
    if (random() < 0.5) {
      const kind = random();
      yield draft(
        'answered',
        {
          question: `OBJ-I${Math.floor(random() * 9)}`,
          address: `aws_s3_bucket.b${Math.floor(random() * 500)}`,
          scope: '',
          text: kind < 0.3 ? 'PAY-12 will do it' : 'as agreed',
          ...(kind < 0.3
            ? { answer: 'ticket' }
            : kind < 0.5
              ? { answer: 'accept', owner: `@${other.login}`, expires: '2027-01-01T00:00:00.000Z' }
              : { answer: 'control' }),
        },
        other,
      );
    }
    yield draft('approved', { via: 'review', statement: 'Looks right.' }, other);
  }
}

function verdictOf(number: number, n: number, author: Actor, categories: readonly string[]): Details {
  return {
    document: `sha256:${hex(`verdict ${number} ${n}`, 64)}`,
    mode: 'enforce',
    applicable: categories.length > 0,
    author: accountOf(author),
    policy: { origin: '.github/threatgate.yml', digest: `sha256:${hex('policy', 64)}` },
    tool: { name: 'threatgate', version: '0.1.0', rules: '7', catalogue: '3' },
    facts: categories.length,
    categories,
  };
}

const accountOf = ({ id, login, kind }: Actor): Details[string] => ({ id, login, kind });

/** One in five changes is a machine's. */
function person(random: Random, mayBeBot: boolean): Actor {
  if (mayBeBot && random() < 0.2) return { id: '9000', login: 'renovate[bot]', kind: 'bot', role: 'write' };
  const n = Math.floor(random() ** 2 * PEOPLE);
  return { id: String(5_000 + n), login: `person-${n}`, kind: 'user', role: 'write' };
}

const hex = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
