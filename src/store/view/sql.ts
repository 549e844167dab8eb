import { sql, type RawBuilder } from 'kysely';
import type { Engine } from '../engine.ts';
import { escapeText } from '../escaped-text.ts';

export type Value = number | string | null;
type Type = 'bigint' | 'text';

/** The first and the last instant that a date can be. */
export const EARLIEST = -8_640_000_000_000_000;
export const LATEST = 8_640_000_000_000_000;

/**
 * Rows of ours as a table, whatever their number: as one parameter (or one for each column), so that there is one statement
 * for all of them.
 */
export function tableOf(
  { name: engine }: Engine,
  name: string,
  columns: Readonly<Record<string, Type>>,
  rows: readonly (readonly Value[])[],
): RawBuilder<unknown> {
  const names = Object.keys(columns);
  const safe = (value: Value | undefined): Value =>
    typeof value === 'string' ? escapeText(value) : (value ?? null);
  if (engine === 'sqlite') {
    const cells = names.map((column, i) => sql`value->>${sql.lit(i)} as ${sql.raw(column)}`);
    const json = JSON.stringify(rows.map((row) => row.map(safe)));
    return sql`(select ${sql.join(cells)} from json_each(${json})) as ${sql.raw(name)}`;
  }
  const arrays = Object.values(columns).map(
    (type, i) => sql`${rows.map((row) => safe(row[i]))}::${sql.raw(type)}[]`,
  );
  return sql`unnest(${sql.join(arrays)}) as ${sql.raw(`${name}(${names.join(', ')})`)}`;
}

/** That a column is one of these numbers. */
export function isIn({ name }: Engine, column: string, numbers: readonly number[]): RawBuilder<boolean> {
  return name === 'sqlite'
    ? sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(numbers)}))`
    : sql`${sql.raw(column)} = any(${numbers}::bigint[])`;
}

/** A number in a place where PostgreSQL would have to guess what it is. */
export const integer = (value: number): RawBuilder<number> => sql`cast(${value} as bigint)`;

/** The calendar month of a column of instants, as `keys.ts` numbers them. */
export function monthIn({ name }: Engine, column: string): RawBuilder<number> {
  const at = sql.raw(column);
  return name === 'sqlite'
    ? sql`(strftime('%Y', ${at} / 1000.0, 'unixepoch') * 12 + strftime('%m', ${at} / 1000.0, 'unixepoch') - 1)`
    : sql`cast(extract(year from to_timestamp(${at} / 1000.0) at time zone 'UTC') * 12
        + extract(month from to_timestamp(${at} / 1000.0) at time zone 'UTC') - 1 as bigint)`;
}
