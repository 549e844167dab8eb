import { describe, expect, test } from '@jest/globals';
import { missing, tooLarge } from '../../src/review/content.ts';
import { NotThere, Unavailable } from '../../src/review/hosting-errors.ts';
import { blob, blobId, type Json } from './answers.ts';
import {
  asInstallation,
  github,
  grantToken,
  onQuery,
  sha,
  SHOP,
  thrown,
  withoutNetwork,
} from './github-under-test.ts';

withoutNetwork();

const item = (path: string, mode: string, type: string, over: Json = {}) => ({
  path,
  mode,
  type,
  sha: sha('e'),
  ...over,
});

const onTree = (commit: string, tree: readonly Json[], truncated = false) =>
  asInstallation()
    .get(`/repos/acme/shop/git/trees/${commit}`)
    .query({ recursive: '1' })
    .reply(200, { sha: commit, tree, truncated });

const onContents = (objects: readonly (Json | null)[], repository: Json = { databaseId: SHOP.id }) =>
  onQuery('Contents', {
    data: { repository: { ...repository, ...Object.fromEntries(objects.map((o, i) => [`c${i}`, o])) } },
  });

const onBlob = (id: string, bytes: Uint8Array) =>
  asInstallation()
    .get(`/repos/acme/shop/git/blobs/${id}`)
    .reply(200, { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' });

const LIMIT = 1_000_000;

describe('trees', () => {
  test('files, links, submodules and paths that were no UTF-8', async () => {
    const { hosting } = github();
    grantToken();
    onTree(sha('c'), [
      item('src', '040000', 'tree'),
      item('src/a.tf', '100644', 'blob', { size: 12 }),
      item('run.sh', '100755', 'blob', { size: 3 }),
      item('link', '120000', 'blob', { size: 8 }),
      item('vendor/lib', '160000', 'commit'),
      item('bad\uFFFDname.tf', '100644', 'blob', { size: 1 }),
    ]);
    expect(await hosting.repository(SHOP).tree(sha('c'))).toEqual({
      complete: true,
      entries: [
        { path: 'src/a.tf', id: sha('e'), kind: 'file', size: 12 },
        { path: 'run.sh', id: sha('e'), kind: 'file', executable: true, size: 3 },
        { path: 'link', id: sha('e'), kind: 'symlink', size: 8 },
        { path: 'vendor/lib', id: sha('e'), kind: 'submodule' },
        { path: 'bad\uFFFDname.tf', id: sha('e'), kind: 'unsafe', size: 1 },
      ],
    });
  });

  test('a listing that was cut short says so', async () => {
    const { hosting } = github();
    grantToken();
    onTree(sha('c'), [], true);
    expect((await hosting.repository(SHOP).tree(sha('c'))).complete).toBe(false);
  });

  test('asked for once, whoever asks; in another repository again', async () => {
    const { app, hosting } = github();
    grantToken();
    onTree(sha('c'), []);
    await hosting.repository(SHOP).tree(sha('c'));
    await app.installation(77).repository(SHOP).tree(sha('c'));
    asInstallation()
      .get(`/repos/acme/other/git/trees/${sha('c')}`)
      .query({ recursive: '1' })
      .reply(404, {});
    const other = hosting.repository({ id: 5, name: 'acme/other' });
    expect(await thrown(other.tree(sha('c')))).toBeInstanceOf(NotThere);
  });

  test('an entry of another kind is no listing to compare with', async () => {
    const { hosting } = github();
    grantToken();
    onTree(sha('c'), [item('x', '100644', 'mystery')]);
    expect(await thrown(hosting.repository(SHOP).tree(sha('c')))).toBeInstanceOf(Unavailable);
  });
});

describe('contents', () => {
  const texts = ['resource "a" {}\n', '\uFEFFwith a mark', 'ümläut\r\n', ''];

  test('in one query, proven by their hash, and kept', async () => {
    const { hosting, requests } = github();
    grantToken();
    const sent = onContents(texts.map((t) => blob(t)));
    const repository = hosting.repository(SHOP);
    const found = await repository.blobs([...texts.map(blobId), blobId(texts[0] ?? '')], LIMIT);
    expect([...found.values()]).toEqual(texts.map((t) => ({ kind: 'text', text: t.replace('\uFEFF', '') })));
    expect(sent[0]?.variables).toEqual({ owner: 'acme', name: 'shop' });
    expect([...(await hosting.repository(SHOP).blobs(texts.map(blobId), LIMIT)).keys()]).toHaveLength(4);
    expect(requests.filter((r) => r.route === 'Contents')).toHaveLength(1);
  });

  test('what one repository showed is not shown to another', async () => {
    const { hosting } = github();
    grantToken();
    onContents([blob('private')]);
    await hosting.repository(SHOP).blobs([blobId('private')], LIMIT);
    const other = hosting.repository({ id: 5, name: 'acme/other' });
    onContents([null], { databaseId: 5 });
    const id = blobId('private');
    expect(await other.blobs([id], LIMIT)).toEqual(new Map([[id, missing(id)]]));
  });

  test('a repository that has the name by now has nothing to say', async () => {
    const { hosting } = github();
    grantToken();
    onContents([blob('x')], { databaseId: 5 });
    expect(await thrown(hosting.repository(SHOP).blobs([blobId('x')], LIMIT))).toBeInstanceOf(NotThere);
  });

  test('what GraphQL cuts, hides or decodes is read byte by byte', async () => {
    const { hosting } = github();
    grantToken();
    const latin = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
    const binary = Buffer.from([1, 0, 2]);
    const cut = 'x'.repeat(600_000);
    const lied = 'the truth';
    onContents([
      blob('caf\uFFFD', { oid: blobId(latin), byteSize: 4 }),
      blob('', { oid: blobId(binary), text: null, isBinary: true, byteSize: 3 }),
      blob(cut, { text: cut.slice(0, 512_000), isTruncated: true }),
      blob('a lie', { oid: blobId(lied) }),
    ]);
    onBlob(blobId(latin), latin);
    onBlob(blobId(binary), binary);
    onBlob(blobId(cut), Buffer.from(cut));
    onBlob(blobId(lied), Buffer.from(lied));
    const found = await hosting
      .repository(SHOP)
      .blobs([blobId(latin), blobId(binary), blobId(cut), blobId(lied)], LIMIT);
    expect(found.get(blobId(latin))).toMatchObject({ kind: 'unreadable', reason: 'not-utf8' });
    expect(found.get(blobId(binary))).toMatchObject({ kind: 'unreadable', reason: 'binary' });
    expect(found.get(blobId(cut))).toEqual({ kind: 'text', text: cut });
    expect(found.get(blobId(lied))).toEqual({ kind: 'text', text: lied });
  });

  test('nothing unproven gets through', async () => {
    const { hosting } = github();
    grantToken();
    const [gone, forged] = [blobId('gone'), blobId('forged')];
    onContents([blob('x', { oid: gone }), blob('x', { oid: forged }), { __typename: 'Tree' }, null]);
    asInstallation().get(`/repos/acme/shop/git/blobs/${gone}`).reply(404, {});
    onBlob(forged, Buffer.from('something else'));
    const ids = [gone, forged, sha('1'), sha('2'), 'not an id'];
    expect(await hosting.repository(SHOP).blobs(ids, LIMIT)).toEqual(
      new Map(ids.map((id) => [id, missing(id)])),
    );
  });

  test('too large is told from the listing, without a request, or from what comes back', async () => {
    const { hosting } = github();
    grantToken();
    const repository = hosting.repository(SHOP);
    onTree(sha('c'), [item('big.tf', '100644', 'blob', { sha: sha('1'), size: 1_000_001 })]);
    await repository.tree(sha('c'));
    expect((await repository.blobs([sha('1')], LIMIT)).get(sha('1'))).toEqual(tooLarge(1_000_001, LIMIT));
    onContents([blob('', { oid: sha('2'), isTruncated: true, byteSize: 2_000_000 })]);
    expect((await repository.blobs([sha('2')], LIMIT)).get(sha('2'))).toEqual(tooLarge(2_000_000, LIMIT));
    onContents([blob('twelve bytes')]);
    const id = blobId('twelve bytes');
    expect((await repository.blobs([id], LIMIT)).get(id)?.kind).toBe('text');
    expect((await repository.blobs([id], 11)).get(id)).toEqual(tooLarge(12, 11));
  });

  test('known to be long, it is not asked for where it would be cut', async () => {
    const { hosting } = github();
    grantToken();
    const repository = hosting.repository(SHOP);
    const long = 'y'.repeat(512_001);
    onTree(sha('c'), [item('long.tf', '100644', 'blob', { sha: blobId(long), size: 512_001 })]);
    await repository.tree(sha('c'));
    onBlob(blobId(long), Buffer.from(long));
    expect((await repository.blobs([blobId(long)], LIMIT)).get(blobId(long))).toEqual({
      kind: 'text',
      text: long,
    });
  });

  test('a hundred per query, and no more bytes than it has time for', async () => {
    const { hosting, requests } = github();
    grantToken();
    const repository = hosting.repository(SHOP);
    const many = Array.from({ length: 101 }, (_, i) => `file ${i}`);
    onContents(many.slice(0, 100).map((t) => blob(t)));
    onContents([blob('file 100')]);
    expect(
      [...(await repository.blobs(many.map(blobId), LIMIT)).values()].every((c) => c.kind === 'text'),
    ).toBe(true);
    const heavy = Array.from({ length: 5 }, (_, i) => `${i}${'z'.repeat(499_999)}`);
    onTree(
      sha('c'),
      heavy.map((t, i) => item(`${i}.tf`, '100644', 'blob', { sha: blobId(t), size: t.length })),
    );
    await repository.tree(sha('c'));
    onContents(heavy.slice(0, 4).map((t) => blob(t)));
    onContents(heavy.slice(4).map((t) => blob(t)));
    await repository.blobs(heavy.map(blobId), LIMIT);
    expect(requests.filter((r) => r.route === 'Contents')).toHaveLength(4);
  });

  test('a pull request cannot make us read thousands one by one', async () => {
    const { hosting, requests } = github();
    grantToken();
    const ids = Array.from({ length: 70 }, (_, i) => blobId(`hidden ${i}`));
    onContents(ids.map((oid) => blob('', { oid, text: null, isBinary: true })));
    asInstallation()
      .get(/\/git\/blobs\//)
      .times(60)
      .reply(404, {});
    const found = await hosting.repository(SHOP).blobs(ids, LIMIT);
    expect([...found.values()].every((c) => c.kind === 'unreadable')).toBe(true);
    expect(requests.filter((r) => r.route.includes('blobs'))).toHaveLength(60);
  });

  test('a failure is one: nothing is called missing that was not answered', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation().post('/graphql').reply(502, {});
    expect(await thrown(hosting.repository(SHOP).blobs([sha('1')], LIMIT))).toBeInstanceOf(Unavailable);
  });
});

describe('names', () => {
  test('a commit id needs no request, a tag leads to its commit', async () => {
    const { hosting, requests } = github();
    const repository = hosting.repository(SHOP);
    expect(repository.name).toBe('acme/shop');
    expect(await repository.resolve(sha('c'))).toBe(sha('c'));
    expect(requests).toEqual([]);
    grantToken();
    const target = { __typename: 'Commit', oid: sha('d') };
    const sent = onQuery('Resolve', { data: { repository: { object: { __typename: 'Tag', target } } } });
    expect(await repository.resolve('v1')).toBe(sha('d'));
    expect(sent[0]?.variables).toEqual({ owner: 'acme', name: 'shop', revision: 'v1' });
    onQuery('Resolve', { data: { repository: { object: { __typename: 'Tree' } } } });
    expect(await thrown(repository.resolve('v1:src'))).toBeInstanceOf(NotThere);
  });

  test('the default branch', async () => {
    const { hosting } = github();
    grantToken();
    asInstallation().get('/repos/acme/shop').reply(200, { id: SHOP.id, default_branch: 'trunk' });
    expect(await hosting.repository(SHOP).defaultBranch()).toBe('trunk');
    asInstallation().get('/repos/acme/shop').reply(200, { id: 5, default_branch: 'trunk' });
    expect(await thrown(hosting.repository(SHOP).defaultBranch())).toBeInstanceOf(NotThere);
  });
});
