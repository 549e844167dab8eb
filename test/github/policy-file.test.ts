import { describe, expect, test } from '@jest/globals';
import type { PolicyFile } from '../../src/review/hosting.ts';
import { blob, blobId, repository, state, type Json } from './answers.ts';
import {
  asApp,
  asInstallation,
  github,
  grantToken,
  onQuery,
  SHOP,
  withoutNetwork,
} from './github-under-test.ts';

withoutNetwork();

const TEXT = 'mode: enforce\n';

async function policies(own: Json | null, organisation: Json | null, errors: readonly Json[] = []) {
  grantToken();
  asApp().get('/app').reply(200, { slug: 'threatgate' });
  onQuery('PullRequest', state({ repository: repository({ policy: own }), organisation }, errors));
  const found = await github().hosting.pullRequest(SHOP, 12, []);
  return [found?.policy, found?.organisationPolicy] as const;
}

const text = (value: string): PolicyFile => ({ kind: 'text', text: value, id: blobId(value) });

describe('policies', () => {
  test('the repository’s own and the organisation’s', async () => {
    expect(await policies(blob(TEXT), { policy: blob('mode: observe\n') })).toEqual([
      text(TEXT),
      text('mode: observe\n'),
    ]);
  });

  test('an organisation without a repository of defaults, or without a policy in it, has none', async () => {
    const gone = { type: 'NOT_FOUND', path: ['organisation'], message: 'x' };
    expect(await policies(null, null, [gone])).toEqual([{ kind: 'absent' }, { kind: 'absent' }]);
    expect((await policies(null, { policy: null }))[1]).toEqual({ kind: 'absent' });
  });

  test('any other error leaves open which rules are meant', async () => {
    const refused = { type: 'FORBIDDEN', path: ['organisation'], message: 'private words' };
    expect((await policies(blob(TEXT), null, [refused]))[1]).toEqual({
      kind: 'unreadable',
      why: 'GitHub answered FORBIDDEN',
    });
    const broken = { path: ['repository', 'policy'], message: 'private words' };
    expect(await policies(null, null, [broken])).toEqual([
      { kind: 'unreadable', why: 'GitHub answered with an error' },
      { kind: 'absent' },
    ]);
  });

  test.each<[string, Json, string]>([
    ['a folder', { __typename: 'Tree' }, 'it is not a file'],
    ['too long', blob('x', { byteSize: 262_145 }), 'it has 262145 bytes'],
    ['binary', blob('a\0b'), 'NUL'],
  ])('%s is unreadable', async (_, found, why) => {
    const [own] = await policies(found, null);
    expect(own?.kind === 'unreadable' ? own.why : own?.kind).toContain(why);
  });

  test('a byte order mark is no part of the text, wherever it got lost', async () => {
    const marked = `\uFEFF${TEXT}`;
    const expected: PolicyFile = { kind: 'text', text: TEXT, id: blobId(marked) };
    expect((await policies(blob(marked), null))[0]).toEqual(expected);
    expect((await policies(blob(TEXT, { oid: blobId(marked) }), null))[0]).toEqual(expected);
  });

  test('a text that is not what its id says is read byte by byte, at the place it came from', async () => {
    const bytes = Buffer.from([0x6d, 0xe9, 0x0a]);
    asInstallation()
      .get(`/repos/acme/shop/git/blobs/${blobId(bytes)}`)
      .reply(200, { content: bytes.toString('base64'), encoding: 'base64' });
    const [own] = await policies(blob('m\uFFFD\n', { oid: blobId(bytes) }), null);
    expect(own).toEqual({ kind: 'unreadable', why: 'it is not valid UTF-8' });
    asInstallation()
      .get(`/repos/acme/.github/git/blobs/${blobId(TEXT)}`)
      .reply(200, { content: Buffer.from(TEXT).toString('base64'), encoding: 'base64' });
    const [, above] = await policies(null, { policy: blob(TEXT, { text: null, isBinary: true }) });
    expect(above).toEqual(text(TEXT));
  });

  test('and is unreadable when that is something else again', async () => {
    asInstallation()
      .get(`/repos/acme/shop/git/blobs/${blobId(TEXT)}`)
      .reply(200, { content: Buffer.from('mode: observe\n').toString('base64'), encoding: 'base64' });
    const [own] = await policies(blob(TEXT, { isTruncated: true }), null);
    expect(own?.kind).toBe('unreadable');
  });
});
