import { expect, test } from '@jest/globals';
import { digestOf } from '../../../src/core/digest.ts';
import { hashOf, START } from '../../../src/core/ledger/chain.ts';
import { verifyChain } from '../../../src/core/ledger/verify-chain.ts';
import { benches, type Bench, type EngineUnderTest } from '../bench.ts';
import { anyLease, at, draft } from '../samples.ts';

const POLICY = digestOf('rules');
const COLUMNS = 'repository, sequence, previous, hash, kind, source, at, text';

interface Attempt {
  readonly statement: string;
  readonly only?: EngineUnderTest['name'];
}

/** Every one of these has to fail. `head`: the hash of the last of three records. */
function attempts(head: string, first: string): readonly Attempt[] {
  const insert = (how: string, values: string, more = ''): string =>
    `${how} into records (${COLUMNS}) values (${values}) ${more}`;
  const record = (sequence: number, previous: string, source = 'new'): string =>
    `7, ${sequence}, '${previous}', 'sha256:x', 'evaluated', '${source}', 'now', '{}'`;
  return [
    { statement: `update records set text = '{}' where sequence = 2` },
    { statement: `update records set actor = 'nobody'` },
    { statement: `update records set repository = 8` },
    { statement: `delete from records where sequence = 3` },
    { statement: `delete from records` },
    { statement: insert('insert', record(5, head)) },
    { statement: insert('insert', record(3, head)) },
    { statement: insert('insert', record(0, START.hash)) },
    { statement: insert('insert', record(4, first)) },
    { statement: insert('insert', record(4, START.hash)) },
    { statement: insert('insert', record(4, head, 'a')) },
    { statement: insert('insert', `8, 2, '${START.hash}', 'sha256:x', 'evaluated', 'new', 'now', '{}'`) },
    { statement: insert('insert', `8, 1, '${head}', 'sha256:x', 'evaluated', 'new', 'now', '{}'`) },
    { statement: insert('insert', `${record(4, head)}), (${record(6, 'sha256:x', 'newer')}`) },
    {
      statement: insert(
        'insert',
        record(3, head),
        `on conflict (repository, sequence) do update set text = '{}'`,
      ),
    },
    {
      statement: insert(
        'insert',
        record(4, head, 'a'),
        `on conflict (repository, kind, source) do update set text = '{}'`,
      ),
    },
    { statement: `update documents set text = 'none'` },
    { statement: `delete from documents` },
    { statement: `insert into documents (digest, kind, text) values ('${POLICY}', 'policy', 'none')` },
    {
      statement: `insert into documents (digest, kind, text) values ('${POLICY}', 'policy', 'none')
        on conflict (digest) do update set text = 'none'`,
    },
    { statement: `update chains set sequence = 2, hash = '${first}'` },
    { statement: `update chains set hash = '${first}'` },
    { statement: `update chains set repository = 8` },
    { statement: `delete from chains` },
    { statement: `insert into chains (repository, sequence, hash) values (8, 4, '${head}')` },
    { statement: `insert into chains (repository, sequence, hash) values (8, 0, '${head}')` },

    // Replacing takes a row away without DELETE; any unique key may be the one that is in the way.
    { only: 'sqlite', statement: insert('insert or replace', record(3, head)) },
    { only: 'sqlite', statement: insert('insert or replace', record(1, START.hash, 'a')) },
    { only: 'sqlite', statement: insert('replace', record(4, head, 'a')) },
    {
      only: 'sqlite',
      statement: `insert or replace into records (rowid, ${COLUMNS}) values (1, ${record(4, head)})`,
    },
    { only: 'sqlite', statement: `update or replace records set sequence = 2 where sequence = 3` },
    {
      only: 'sqlite',
      statement: `replace into documents (digest, kind, text) values ('${POLICY}', 'policy', 'none')`,
    },
    {
      only: 'sqlite',
      statement: `replace into chains (repository, sequence, hash) values (7, 0, '${START.hash}')`,
    },

    { only: 'postgres', statement: `truncate records` },
    { only: 'postgres', statement: `truncate documents` },
    { only: 'postgres', statement: `truncate chains cascade` },
    // As replication and restores do; ordinary triggers would not fire.
    { only: 'postgres', statement: `set session_replication_role = replica; delete from records` },
    {
      only: 'postgres',
      statement: `set session_replication_role = replica; ${insert('insert', record(9, head))}`,
    },
    // A temporary table goes before any other of its name.
    {
      only: 'postgres',
      statement: `create temporary table records (like public.records);
        ${insert('insert', `7, 8, '', '${head}', 'evaluated', 'new', 'now', '{}'`)};
        ${insert('insert', record(9, head)).replace('into records', 'into public.records')}`,
    },
    { only: 'postgres', statement: `with gone as (delete from records returning 1) select * from gone` },
  ];
}

export function resistsTampering(engine: EngineUnderTest): void {
  const bench = benches(engine);

  const filled = async (): Promise<Bench & { readonly head: string; readonly first: string }> => {
    const made = await bench();
    const documents = [{ digest: POLICY, kind: 'policy', text: 'rules' }] as const;
    const records = [draft('a'), draft('b'), draft('c')];
    const [first, , last] = await made.store.apply(await anyLease(made.store), { records, documents }, at(0));
    return { ...made, head: last?.hash ?? '', first: first?.hash ?? '' };
  };

  test('records, documents and chains only grow, and only at their end', async () => {
    const { store, tamper, head, first } = await filled();
    const before = await store.recordTexts({ repository: 7 });
    for (const { statement, only } of attempts(head, first)) {
      if (only !== undefined && only !== engine.name) continue;
      const outcome = await tamper(statement).then(
        () => 'done',
        (error: unknown) => String(error),
      );
      expect({ statement, outcome }).toEqual({
        statement,
        outcome: expect.stringMatching(
          /only grow|continue its chain|there already|its last record|unique|no column named rowid/,
        ),
      });
    }
    expect(await store.recordTexts({ repository: 7 })).toEqual(before);
    expect(await store.document(POLICY)).toEqual({ digest: POLICY, kind: 'policy', text: 'rules' });
    const lease = await anyLease(store, 2);
    expect(await store.apply(lease, { records: [draft('d')] }, at(0))).toMatchObject([
      { sequence: 4, previous: head },
    ]);
  });

  test('what fits into the chain but is not a record of ours is found by its hash', async () => {
    const { store, tamper, head } = await filled();
    const forged = draft('forged', { kind: 'approved' });
    const text = JSON.stringify({ ...forged, sequence: 4, previous: head, hash: hashOf(forged, 3, head) });
    await tamper(
      `insert into records (${COLUMNS}) values (7, 4, '${head}', 'sha256:x', 'approved', 'forged', 'now', '${text}')`,
    );
    expect(verifyChain(await store.recordTexts({ repository: 7 }))).toMatchObject({ ok: false, sequence: 4 });
  });
}
