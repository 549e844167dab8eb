/** The hash before the first record. */
const NONE = `'sha256:' || printf('%064d', 0)`;

/**
 * What SQLite itself refuses: to change or remove a record or a document, and to add a record that does not continue its
 * chain. A trigger sees neither the row that REPLACE takes away (unless the connection asks for it) nor the one that
 * ON CONFLICT spares, so an insert with any key that is taken is refused before it happens.
 */
export const sqliteGuards: readonly string[] = [
  ...['records', 'documents'].flatMap((table) => [refuse(table, 'update'), refuse(table, 'delete')]),
  refuse('chains', 'delete'),

  `create trigger records_insert before insert on records begin
    select raise(abort, 'the record does not continue its chain')
    where new.sequence <> 1 + coalesce((select max(sequence) from records where repository = new.repository), 0)
       or new.previous <> coalesce(
            (select hash from records where repository = new.repository order by sequence desc limit 1),
            ${NONE});
    select raise(abort, 'the record is there already')
    where exists (select 1 from records
      where repository = new.repository and kind = new.kind and source = new.source);
  end`,

  `create trigger documents_insert before insert on documents begin
    select raise(abort, 'the document is there already')
    where exists (select 1 from documents where digest = new.digest);
  end`,

  `create trigger chains_insert before insert on chains begin
    select raise(abort, 'the chain is there already')
    where new.sequence <> 0 or new.hash <> ${NONE}
       or exists (select 1 from chains where repository = new.repository)
       or exists (select 1 from records where repository = new.repository);
  end`,

  `create trigger chains_update before update on chains begin
    select raise(abort, 'a chain ends with its last record')
    where new.repository <> old.repository
       or new.sequence is not (select max(sequence) from records where repository = new.repository)
       or new.hash is not (select hash from records
            where repository = new.repository and sequence = new.sequence);
  end`,
];

function refuse(table: string, change: 'update' | 'delete'): string {
  return `create trigger ${table}_${change} before ${change} on ${table} begin
    select raise(abort, '${table} only grow');
  end`;
}
