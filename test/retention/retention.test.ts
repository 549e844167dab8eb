import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../double/shared-git.ts';
import { fateOf, yearsBefore } from '../../src/core/audit/retention.ts';
import type { AuditRecord, RecordDraft, RecordKind } from '../../src/core/model/record.ts';
import { openKeeper } from '../../src/store/open-keeper.ts';
import { openRecorder } from '../../src/store/open-recorder.ts';
import { verifyDatabase } from '../../src/audit/verify-database.ts';
import { openToRead } from '../../src/audit/read-ledger.ts';
import { document } from '../audit/samples.ts';
import { run } from '../../src/cli/run.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { setTheScene } from '../service/harness.ts';
import type { Ended } from '../cli/command-line.ts';

afterAll(removeTemporaryFolders);

const OLD = { id: 3, name: 'acme/old' };
const SHOP = { id: 7, name: 'acme/shop' };
const NOW = '2034-06-01T00:00:00.000Z';

const draft = (
  repository: typeof OLD,
  kind: RecordKind,
  at: string,
  details: RecordDraft['details'] = {},
): RecordDraft => ({ kind, repository, at, source: `${kind}/${at}`, details });

const sealed = (drafts: readonly RecordDraft[]): readonly AuditRecord[] =>
  drafts.map((each, i) => ({ ...each, sequence: i + 1, previous: '', hash: '' }));

describe('what becomes of a chain', () => {
  const gone = [
    draft(OLD, 'installed', '2026-01-01T00:00:00.000Z'),
    draft(OLD, 'merged', '2026-02-01T00:00:00.000Z'),
    draft(OLD, 'uninstalled', '2026-03-01T00:00:00.000Z'),
  ];
  const hold = draft(OLD, 'hold-placed', '2026-03-02T00:00:00.000Z', { hold: 'case', reason: 'x' });
  const release = draft(OLD, 'hold-released', '2026-03-03T00:00:00.000Z', { hold: 'case', reason: 'y' });
  const fate = (drafts: readonly RecordDraft[], now = NOW) => fateOf(sealed(drafts), now, 7);

  test('it may go when its repository has left, its newest record is old, and nothing holds it', () => {
    expect(fate(gone).kind).toBe('removable');
    expect(fate([...gone, hold, release]).kind).toBe('removable');
  });

  test.each([
    ['it is held', [...gone, hold], NOW, 'Legal hold: "case".'],
    ['it is under the gate', gone.slice(0, 2), NOW, 'The repository is still under the gate.'],
    [
      'it came back',
      [...gone, draft(OLD, 'installed', '2026-04-01T00:00:00.000Z')],
      NOW,
      'The repository is still under the gate.',
    ],
    [
      'it is a day too young',
      gone,
      '2033-03-01T00:00:00.000Z',
      'Its newest record, of 2026-03-01, is not older than 7 years.',
    ],
    ['there is nothing', [], NOW, 'There are no records.'],
  ])('it is kept because %s', (_, drafts, now, why) => {
    expect(fate(drafts, now)).toMatchObject({ kind: 'kept', why });
  });

  test('a year is a year, also from the 29th of February', () => {
    expect(yearsBefore('2028-02-29T12:00:00.000Z', 7)).toBe('2021-02-28T12:00:00.000Z');
    expect(yearsBefore('2028-02-29T12:00:00.000Z', 4)).toBe('2024-02-29T12:00:00.000Z');
  });
});

describe('the commands', () => {
  const NAMES = ['GITHUB_API_URL', 'GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_GRAPHQL_URL', 'DATABASE_URL'] as const;
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  let close: () => Promise<void>;
  let file: string;
  let cwd: string;

  beforeEach(async () => {
    cwd = temporaryFolder();
    file = join(cwd, 'trail.sqlite');
    const { gh } = setTheScene({ git, clock: { at: Date.parse('2034-05-31T00:00:00Z') } });
    const listening = await gh.listen();
    close = () => listening.close();
    Object.assign(process.env, {
      GITHUB_API_URL: `${listening.url}/api/v3`,
      GITHUB_TOKEN: gh.control.createUserToken('ada'),
      GH_TOKEN: '',
      GITHUB_GRAPHQL_URL: '',
      DATABASE_URL: '',
    });
    const [own, shared] = [document('{"own":true}'), document('{"shared":true}')];
    const recorder = await openRecorder({ file });
    await recorder.append(
      [
        draft(OLD, 'installed', '2026-01-01T00:00:00.000Z'),
        draft(OLD, 'policy-changed', '2026-01-02T00:00:00.000Z', { document: own.digest }),
        draft(OLD, 'policy-changed', '2026-01-03T00:00:00.000Z', { document: shared.digest }),
        draft(OLD, 'uninstalled', '2026-03-01T00:00:00.000Z'),
        draft(SHOP, 'installed', '2026-01-01T00:00:00.000Z'),
        draft(SHOP, 'policy-changed', '2026-01-03T00:00:00.000Z', { document: shared.digest }),
      ],
      [own, shared],
    );
    await recorder.close();
  });
  afterEach(async () => {
    await close();
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  async function threatgate(...args: readonly string[]): Promise<Ended> {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await run([...args, '--database', file], {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      cwd,
      columns: 100,
      colour: false,
      now: () => NOW,
    });
    return { code, out: out.join(''), err: err.join('') };
  }

  const kindsOf = async (repository: typeof OLD): Promise<readonly RecordKind[]> => {
    const recorder = await openRecorder({ file });
    try {
      return (await recorder.records({ repository: repository.id })).map(({ kind }) => kind);
    } finally {
      await recorder.close();
    }
  };

  test('a hold is a record by somebody whom GitHub knows, and keeps what it holds', async () => {
    const placed = await threatgate(
      'hold',
      'place',
      'case-7',
      '--repos',
      'acme/old',
      '--reason',
      'A request',
    );
    expect(placed).toEqual({ code: 0, out: 'Placed on acme/old.\n', err: '' });
    expect((await threatgate('hold', 'list')).out).toBe(
      `acme/old  case-7  since ${NOW} by @ada: A request\n`,
    );
    const again = await threatgate('hold', 'place', 'case-7', '--repos', 'acme/old', '--reason', 'Once more');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('stands already')]);
    const kept = await threatgate('retention', '--remove', '--archive', 'gone');
    expect(kept.out).toContain('kept: Legal hold: "case-7".');
    expect(kept.out).toContain('Nothing may be removed.');
    expect((await threatgate('hold', 'release', 'case-7', '--reason', 'Over')).code).toBe(0);
    expect((await kindsOf(OLD)).slice(-2)).toEqual(['hold-placed', 'hold-released']);
  });

  test('what may go is shown, and goes only when that is asked for, after it was written down', async () => {
    const shown = await threatgate('retention');
    expect(shown.out).toBe(
      'acme/old  4 records, 2026-01-01 to 2026-03-01  may be removed\n' +
        'acme/shop  2 records, 2026-01-01 to 2026-01-03  kept: The repository is still under the gate.\n' +
        'Remove it with --remove --archive FOLDER.\n',
    );
    expect(await kindsOf(OLD)).toHaveLength(4);

    const removed = await threatgate('retention', '--remove', '--archive', 'gone');
    expect([removed.code, removed.err]).toEqual([0, '']);
    expect(removed.out).toMatch(/Removed 1 chain; all of it is in gone, sha256:[0-9a-f]{64}\.\n$/);
    expect(await kindsOf(OLD)).toEqual([]);
    expect(await kindsOf(SHOP)).toHaveLength(2);
    const keeper = await openKeeper({ file });
    const [line] = await keeper.removals().finally(() => keeper.close());
    expect(line).toMatchObject({ name: 'acme/old', sequence: 4, documents: 1, removed_at: NOW });
    expect(line?.removed_by).toMatch(/^ada \(\d+\)$/);
    expect(removed.out).toContain(line?.archive ?? 'nothing');
    // What is left is whole, and the package has what is gone.
    const ledger = await openToRead({ file });
    const found = await verifyDatabase(ledger, file).finally(() => ledger.close());
    expect(found.broken).toBeUndefined();
    expect(found.removed).toEqual([
      expect.objectContaining({ name: 'acme/old', records: 4, archive: line?.archive, at: NOW }),
    ]);
    expect((await threatgate('verify')).out).toContain(
      'acme/old: 4 records were removed on 2034-06-01 by ada (',
    );
    const verified = await run(['verify', 'gone'], {
      out: () => undefined,
      err: () => undefined,
      cwd,
      columns: 100,
      colour: false,
      now: () => NOW,
    });
    expect(verified).toBe(0);
  });

  test('what was filled in goes into the archive with its documents, although it speaks of the time before', async () => {
    const told = document('{"told":"later"}');
    const recorder = await openRecorder({ file });
    await recorder.append(
      [
        draft(OLD, 'evaluated', '2026-02-01T00:00:00.000Z', {
          rebuilt: 'rebuilt/1',
          shownAt: '2025-12-01T00:00:00.000Z',
          document: told.digest,
        }),
      ],
      [told],
    );
    await recorder.close();
    expect((await threatgate('retention')).out).toContain('acme/old  5 records, 2025-12-01 to ');
    expect(await threatgate('retention', '--remove', '--archive', 'gone')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(readFileSync(join(cwd, 'gone', 'documents.jsonl'), 'utf8')).toContain(told.digest);
    const keeper = await openKeeper({ file });
    const [line] = await keeper.removals().finally(() => keeper.close());
    expect(line?.documents).toBe(2);
  });

  test.each([
    [['hold', 'place', 'case 7', '--reason', 'x'], 64, /needs a name/],
    [['hold', 'place', 'case-7'], 64, /--reason is missing/],
    [['hold', 'keep', 'case-7'], 64, /Say what to do/],
    [['hold', 'place', 'c', '--reason', 'x', '--repos', 'acme/none'], 2, /no record of a repository/],
    [['hold', 'release', 'none', '--reason', 'x'], 2, /no hold "none" to release/],
    [['retention', '--remove'], 64, /needs --archive/],
    [['retention', '--years', '0'], 64, /not a number of years/],
  ] as const)('%j is refused', async (args, code, why) => {
    const ended = await threatgate(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(why)]);
    expect(await kindsOf(OLD)).toHaveLength(4);
  });

  test('a token of nobody places no hold', async () => {
    process.env['GITHUB_TOKEN'] = 'ghp_unknown';
    const ended = await threatgate('hold', 'place', 'c', '--reason', 'x');
    expect(ended.code).toBe(2);
    expect(await kindsOf(SHOP)).toHaveLength(2);
  });
});
