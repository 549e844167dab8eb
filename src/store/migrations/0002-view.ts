import type { Engine } from '../engine.ts';

/**
 * Of which version the tables are that pages ask: see `store/view`. These follow from the records, so that they are no
 * business of a migration: another version drops them and makes them anew. The one row is the lock of whoever fills them.
 */
export function viewState(engine: Engine['name']): readonly string[] {
  const integer = engine === 'sqlite' ? 'integer not null' : 'bigint not null';
  return [
    `create table view_state (
      id ${integer} primary key, version ${integer}, made ${integer}
    )${engine === 'sqlite' ? ' strict' : ''}`,
    `insert into view_state values (1, 0, 0)`,
  ];
}
