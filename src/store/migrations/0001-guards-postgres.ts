/** The hash before the first record. */
const NONE = `'sha256:' || repeat('0', 64)`;

/**
 * What PostgreSQL itself refuses: the same as SQLite, and TRUNCATE. The triggers fire for replicas too. Names are written
 * with their schema, or a temporary table of the same name would be asked instead.
 */
export function postgresGuards(schema: string): readonly string[] {
  const name = (bare: string): string => `"${schema.replaceAll('"', '""')}".${bare}`;
  const records = name('records');
  return [
    `create function ${name('only_grow')}() returns trigger language plpgsql as $$
    begin
      raise exception '% only grow', tg_table_name;
    end $$`,
    ...['records', 'documents'].flatMap((table) =>
      trigger(name(table), name('only_grow'), 'update or delete', 'row'),
    ),
    ...trigger(name('chains'), name('only_grow'), 'delete', 'row'),
    ...['records', 'documents', 'chains'].flatMap((table) =>
      trigger(name(table), name('only_grow'), 'truncate', 'statement'),
    ),

    `create function ${name('continue_chain')}() returns trigger language plpgsql as $$
    declare
      last ${records};
    begin
      select * into last from ${records} where repository = new.repository order by sequence desc limit 1;
      if new.sequence <> 1 + coalesce(last.sequence, 0)
          or new.previous <> coalesce(last.hash, ${NONE}) then
        raise exception 'the record does not continue its chain';
      end if;
      return new;
    end $$`,
    ...trigger(records, name('continue_chain'), 'insert', 'row'),

    `create function ${name('end_chain')}() returns trigger language plpgsql as $$
    declare
      last ${records};
    begin
      select * into last from ${records} where repository = new.repository order by sequence desc limit 1;
      if new.sequence <> coalesce(last.sequence, 0) or new.hash <> coalesce(last.hash, ${NONE})
          or (tg_op = 'UPDATE' and new.repository <> old.repository) then
        raise exception 'a chain ends with its last record';
      end if;
      return new;
    end $$`,
    ...trigger(name('chains'), name('end_chain'), 'insert or update', 'row'),
  ];
}

function trigger(
  table: string,
  action: string,
  events: string,
  each: 'row' | 'statement',
): readonly string[] {
  const bare = `guard_${events.replaceAll(' ', '_')}`;
  return [
    `create trigger ${bare} before ${events} on ${table} for each ${each} execute function ${action}()`,
    `alter table ${table} enable always trigger ${bare}`,
  ];
}
