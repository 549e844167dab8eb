import { sql, type RawBuilder } from 'kysely';
import { registerOf } from '../../core/audit/register.ts';
import { ticketIn } from '../../core/audit/ticket-names.ts';
import { cursorOf, placeIn, sizeOf, totalOf } from '../../core/audit/view-paging.ts';
import { registerRows } from '../../core/audit/view-rows.ts';
import { text } from '../../core/audit/details.ts';
import type {
  Paging,
  RegisterFilter,
  RegisterRow,
  RepositorySummary,
  Scope,
  TrailView,
} from '../../core/model/view.ts';
import type { ViewDatabase } from './database.ts';
import { namedRecords, nameOf, recordsAt, trailsOf, type Pull, type Spot } from './bodies.ts';
import { listKey, monthNumber, shortWord } from './keys.ts';
import { asOf, EVER, unknownPlace } from './list-page.ts';
import { askedTally, type Question } from './places.ts';
import { isWithin, maySee, reachOf, type Reach } from './reach.ts';
import { summaries } from './repositories.ts';
import { integer, tableOf } from './sql.ts';
import { countsIn, sumOf } from './tally.ts';

export function registerIn(database: ViewDatabase): Pick<TrailView, 'register'> {
  return {
    register: async (scope, filter, at, paging) => {
      const instant = asOf(at);
      const reach = await reachOf(database, scope, filter.repository);
      const start = await startOf(database, scope, paging);
      const size = sizeOf(paging);
      const [total, found] = await Promise.all([
        standing(database, filter, reach, instant),
        spotsBehind(database, filter, reach, instant, start, size + 1),
      ]);
      const items = found.slice(0, size);
      const last = found.length > size ? items.at(-1) : undefined;
      return {
        items: await rowsAt(database, items, at),
        next: last && cursorOf(last),
        total: totalOf(total),
      };
    },
  };
}

/** Answers of these kinds and this owner that had begun by an instant, and those that had ended. */
function questionOf(
  subject: 'answers' | 'answers-ended',
  { kinds, owner }: RegisterFilter,
  reach: Reach,
  at: number,
): Question {
  return {
    key: listKey(subject, { owner }),
    wants: ([kind]) => kinds === undefined || kinds.some((each) => each === kind),
    reach,
    range: { from: EVER.from, to: at + 1 },
  };
}

async function standing(
  database: ViewDatabase,
  filter: RegisterFilter,
  reach: Reach,
  at: number,
): Promise<number> {
  const [begun, ended] = await Promise.all(
    (['answers', 'answers-ended'] as const).map(async (subject) => {
      const question = questionOf(subject, filter, reach, at);
      return countOf(database, question);
    }),
  );
  return (begun ?? 0) - (ended ?? 0);
}

async function countOf(database: ViewDatabase, question: Question): Promise<number> {
  return sumOf(
    await countsIn(database, await askedTally(database, question), question.reach, question.range),
  );
}

/** The answer behind which a page begins. */
interface Start {
  readonly repository: number;
  readonly record: number;
  readonly key: string;
}

async function startOf(
  { queries }: ViewDatabase,
  scope: Scope,
  { after }: Paging,
): Promise<Start | undefined> {
  if (after === undefined) return undefined;
  const [repository, record] = placeIn(after, 2) ?? [];
  if (repository === undefined || record === undefined || !maySee(scope, repository)) throw unknownPlace();
  const row = await queries
    .selectFrom('view_answers')
    .select(['repository', 'record', 'key'])
    .where('repository', '=', repository)
    .where('record', '=', record)
    .executeTakeFirst();
  if (row === undefined) throw unknownPlace();
  return row;
}

/** In the order of repositories, of which no more are looked into than a page needs. */
async function spotsBehind(
  database: ViewDatabase,
  filter: RegisterFilter,
  reach: Reach,
  at: number,
  start: Start | undefined,
  most: number,
): Promise<readonly Spot[]> {
  const waiting = await repositoriesBehind(database, filter, reach, at, start);
  const found: Spot[] = [];
  while (found.length < most && waiting.length > 0) {
    let expected = 0;
    const end = waiting.findIndex(({ answers }) => (expected += answers) >= (most - found.length) * 2);
    const next = waiting.splice(0, Math.min(end === -1 ? waiting.length : end + 1, 50));
    found.push(...(await spotsIn(database, filter, next, at, start, most - found.length)));
  }
  return found;
}

interface Candidate extends RepositorySummary {
  /** How many may have stood at the instant: those of its month and before. */
  readonly answers: number;
}

async function repositoriesBehind(
  database: ViewDatabase,
  filter: RegisterFilter,
  reach: Reach,
  at: number,
  start: Start | undefined,
): Promise<Candidate[]> {
  const { key } = questionOf('answers', filter, reach, at);
  const [names, counts] = await Promise.all([
    summaries(database, reach),
    answersByRepository(database, key, reach, at),
  ]);
  const first = start === undefined ? 0 : names.findIndex((r) => r.id === start.repository);
  if (first === -1) throw unknownPlace();
  return names.slice(first).flatMap((r) => {
    const answers = counts.get(r.id);
    return answers === undefined ? [] : [{ ...r, answers }];
  });
}

async function answersByRepository(
  { engine, queries }: ViewDatabase,
  key: string,
  reach: Reach,
  at: number,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ repository: number; n: number }>`
    select c.repository, cast(sum(c.n) as bigint) as n from view_counts c
    where c.list = (select l.id from view_lists l where l.key = ${key}) and c.repository > 0 and ${isWithin(engine, 'c.repository', reach)}
      and c.month <= ${integer(monthNumber(at))} and c.n > 0
    group by c.repository`.execute(queries);
  return new Map(rows.map((row) => [row.repository, row.n]));
}

type SpotRow = Record<'rank' | 'repository' | 'record', number> & { readonly key: string };

/** What stands in some repositories, in their order. */
async function spotsIn(
  { engine, queries }: ViewDatabase,
  { kinds, owner }: RegisterFilter,
  repositories: readonly Candidate[],
  at: number,
  start: Start | undefined,
  most: number,
): Promise<readonly Spot[]> {
  const ranked = repositories.map(({ id }, rank) => [rank, id] as const);
  const wanted = sql`a.since <= ${at} and a.until > ${at}
    and ${kinds === undefined ? sql`true` : kinds.length === 0 ? sql`false` : sql`a.kind in (${sql.join(kinds)})`}
    and ${owner === undefined ? sql`true` : sql`a.owner = ${shortWord(owner.toLowerCase())}`}`;
  const strand = (
    rank: RawBuilder<unknown>,
    id: RawBuilder<unknown>,
    from: RawBuilder<unknown>,
  ): RawBuilder<unknown> => sql`
    select ${rank} as rank, a.repository, a.key, a.record from view_answers a
    where a.repository = ${id} and ${wanted} and ${from} order by a.key, a.record limit ${most}`;
  const behind = start && sql`(a.key, a.record) > (${start.key}, cast(${start.record} as bigint))`;
  const from =
    engine.name === 'postgres'
      ? sql`(select f.* from ${tableOf(engine, 's', { rank: 'bigint', id: 'bigint' }, ranked)} cross join lateral (${strand(
          sql`s.rank`,
          sql`s.id`,
          behind ? sql`(a.repository <> ${integer(start.repository)} or ${behind})` : sql`true`,
        )}) f) as found`
      : sql`(${sql.join(
          ranked.map(
            ([rank, id]) =>
              sql`select * from (${strand(
                sql.lit(rank),
                sql`${id}`,
                behind && id === start.repository ? behind : sql`true`,
              )})`,
          ),
          sql` union all `,
        )}) as found`;
  const { rows } = await sql<SpotRow>`select * from ${from} order by rank, key, record limit ${most}`.execute(
    queries,
  );
  return rows.map(({ repository, record }) => [repository, record]);
}

/** Records of a pull request that tell what became of it. */
const KINDS = ['merged', 'closed', 'evaluated'] as const;

async function rowsAt(
  database: ViewDatabase,
  spots: readonly Spot[],
  at: string,
): Promise<readonly RegisterRow[]> {
  const answers = await recordsAt(database, spots);
  const records = [...answers.values()];
  const pulls = new Map<string, Pull>(
    records.flatMap(({ repository: { id }, pullRequest }) =>
      pullRequest === undefined ? [] : [[nameOf([id, pullRequest]), [id, pullRequest] as const] as const],
    ),
  );
  const names = records.flatMap(({ repository, details }): readonly (readonly [number, string])[] => {
    const named =
      details['answer'] === 'ticket' ? ticketIn(text(details['text']) ?? '', repository.name) : undefined;
    return named ? [[repository.id, shortWord(named.key)]] : [];
  });
  const [trails, tickets] = await Promise.all([
    trailsOf(database, [...pulls.values()], KINDS),
    namedRecords(database, 'ticket', names),
  ]);
  return spots.flatMap((spot) => {
    const answer = answers.get(nameOf(spot));
    if (answer === undefined) return [];
    const trail = trails.get(nameOf([answer.repository.id, answer.pullRequest ?? 0])) ?? [];
    const ours = tickets.filter((r) => r.repository.id === answer.repository.id);
    const around = new Map([answer, ...trail, ...ours].map((r) => [r.sequence, r]));
    return registerRows(registerOf([...around.values()], at)).slice(0, 1);
  });
}
