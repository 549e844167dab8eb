import type { Engine } from '../engine.ts';

/** What was removed because its time was over: a line that stays where a chain has been. */
export function removalTables(engine: Engine['name']): readonly string[] {
  const text = engine === 'postgres' ? 'text collate "C" not null' : 'text not null';
  const integer = engine === 'postgres' ? 'bigint not null' : 'integer not null';
  return [
    `create table removals (
      repository ${integer}, sequence ${integer}, documents ${integer},
      name ${text}, hash ${text}, first_at ${text}, last_at ${text},
      removed_at ${text}, removed_by ${text}, archive ${text},
      primary key (repository, removed_at)
    )${engine === 'sqlite' ? ' strict, without rowid' : ''}`,
    ...(engine === 'sqlite' ? SQLITE_GUARDS : []),
  ];
}

const refuse = (change: 'update' | 'delete'): string =>
  `create trigger removals_${change} before ${change} on removals begin
    select raise(abort, 'removals only grow');
  end`;

const SQLITE_GUARDS: readonly string[] = [
  refuse('update'),
  refuse('delete'),
  `create trigger removals_insert before insert on removals begin
    select raise(abort, 'the removal is there already')
    where exists (select 1 from removals where repository = new.repository and removed_at = new.removed_at);
  end`,
];

/** The functions are those of the first version. `schema`: where the tables are. */
export function postgresRemovalGuards(schema: string): readonly string[] {
  const name = (bare: string): string => `"${schema.replaceAll('"', '""')}".${bare}`;
  const guard = (bare: string, events: string, each: 'row' | 'statement'): readonly string[] => [
    `create trigger ${bare} before ${events} on ${name('removals')} for each ${each} execute function ${name('only_grow')}()`,
    `alter table ${name('removals')} enable always trigger ${bare}`,
  ];
  return [
    ...guard('guard_update_or_delete', 'update or delete', 'row'),
    ...guard('guard_truncate', 'truncate', 'statement'),
  ];
}
