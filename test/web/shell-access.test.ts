import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { openAccess, type AccessStore, type NewSession } from '../../src/store/open-access.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { sharedPostgres } from '../support/postgres.ts';

afterAll(removeTemporaryFolders);

const PLACES: readonly (readonly [string, () => Promise<Place>])[] = [
  ['SQLite', () => Promise.resolve({ file: join(temporaryFolder(), 'threatgate.sqlite') })],
  ['PostgreSQL', async () => ({ url: await (await sharedPostgres()).createDatabase() })],
];

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 2, 10, minute)).toISOString();
const session = (id: string, over: Partial<NewSession> = {}): NewSession => ({
  id,
  loginState: `login of ${id}`,
  account: '12',
  login: 'ada',
  token: 'sealed',
  createdAt: at(0),
  seenAt: at(0),
  expiresAt: at(30),
  ...over,
});

describe.each(PLACES)('sessions and invitations in %s', (_, makePlace) => {
  let place: Place;
  let access: AccessStore;
  beforeEach(async () => {
    place = await makePlace();
    access = await openAccess(place);
  });
  afterEach(() => access.close());

  test('many open a new database at once, beside the store', async () => {
    const fresh = await makePlace();
    const opened = await Promise.all([
      openAccess(fresh),
      openStore(fresh),
      openAccess(fresh),
      openStore(fresh),
    ]);
    await Promise.all(opened.map((each) => each.close()));
  });

  test('a session lasts until it ends, and what it held is gone with it', async () => {
    expect(await access.begin(session('a'))).toBe(true);
    expect(await access.session('a', at(29))).toMatchObject({ account: '12', token: 'sealed' });
    await access.seen('a', at(5));
    expect((await access.session('a', at(6)))?.seenAt).toBe(at(5));
    expect(await access.session('a', at(30))).toBeUndefined();
    expect(await access.session('b', at(1))).toBeUndefined();
    await access.end('a', at(7));
    expect(await access.session('a', at(8))).toBeUndefined();
  });

  test('a login makes one session, among many that try at once, and none after it ended', async () => {
    const tries = ['a', 'b', 'c', 'd'].map((id) => access.begin(session(id, { loginState: 'the same' })));
    const won = await Promise.all(tries);
    expect(won.filter(Boolean)).toHaveLength(1);
    await access.end('abcd'[won.indexOf(true)] ?? '', at(1));
    expect(await access.begin(session('e', { loginState: 'the same' }))).toBe(false);
    await access.prune(at(31));
    expect(await access.begin(session('e', { loginState: 'the same' }))).toBe(true);
  });

  test('an invitation is taken up once, by a name in any spelling, and counts by account then', async () => {
    const repositories = [{ id: 7, name: 'acme/shop' }];
    const made = { login: 'Jane', account: undefined, repositories, createdAt: at(0), until: at(30) };
    const invited = await access.invite(made);
    expect(invited).toEqual({ ...made, id: invited.id, revokedAt: undefined });
    expect(await access.standing('12', at(1))).toEqual([]);
    await access.bind('JANE', '12', at(1));
    await access.bind('jane', '13', at(2));
    expect(await access.standing('12', at(29))).toMatchObject([{ login: 'Jane', repositories }]);
    expect(await access.standing('13', at(2))).toEqual([]);
    expect(await access.standing('12', at(30))).toEqual([]);
    expect(await access.revoke('jane', at(3))).toBe(1);
    expect(await access.standing('12', at(4))).toEqual([]);
    expect(await access.invitations()).toMatchObject([{ account: '12', revokedAt: at(3) }]);
    expect(await access.revoke('jane', at(5))).toBe(0);
  });

  test('one that is over is neither taken up nor revoked', async () => {
    await access.invite({ login: 'j', account: undefined, repositories: [], createdAt: at(0), until: at(5) });
    await access.bind('j', '12', at(5));
    expect(await access.revoke('j', at(5))).toBe(0);
    expect(await access.invitations()).toMatchObject([{ account: undefined, revokedAt: undefined }]);
  });
});
