import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf } from '../../src/audit/keys.ts';
import { readHeads } from '../../src/audit/head-statement.ts';
import { headSigner } from '../../src/app/signing-key.ts';
import { runDue } from '../../src/app/worker.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { HEAD_CHECK } from '../../src/review/heads.ts';
import { lookAt } from '../../src/review/look.ts';
import type { Json } from '../../src/core/model/record.ts';
import { alter, keyFile, makeLedger, SHOP } from '../audit/samples.ts';
import { threatgate, type Ended } from '../cli/command-line.ts';
import { git } from '../double/shared-git.ts';
import { lookDepsOf, serviceUnderTest, type ServiceUnderTest } from '../service/harness.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { said, story } from './story.ts';

afterAll(removeTemporaryFolders);

describe('ends of chains on the command line', () => {
  let cwd: string;
  let database: string;
  let key: ReturnType<typeof keyFile>;
  beforeEach(async () => {
    cwd = temporaryFolder();
    database = join(cwd, 'threatgate.sqlite');
    await makeLedger({ file: database }, story());
    key = keyFile(cwd);
  });
  const heads = (...args: readonly string[]): Promise<Ended> =>
    threatgate(cwd, 'heads', '--database', database, ...args);

  test('are printed, signed, written, and compared with the database later', async () => {
    const made = await heads('--sign', key.file, '--output', 'h.json');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(
      /^acme\/shop: \d+ records, the last is sha256:[0-9a-f]{64}\nSigned by key [0-9a-f]{16}\./,
    );
    expect(await heads('--check', 'h.json', '--trust', key.publicFile)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^✓ 1 chain still holds what h\.json says \(signed by key/),
    });
    // The chain grows, and still holds what it held.
    const grown = join(temporaryFolder(), 'grown.sqlite');
    await makeLedger({ file: grown }, [...story(), said('closed', 99, '2027-02-01T00:00:00.000Z', {})]);
    expect(await threatgate(cwd, 'heads', '--database', grown, '--check', 'h.json')).toMatchObject({
      code: 0,
    });
    expect((await heads('--sign', key.file, '--output', 'h.json')).err).toContain('never written over');
  });

  test('a record that was cut off, altered, or written anew is named with its repository', async () => {
    await heads('--sign', key.file, '--output', 'h.json');
    const { statement } = readHeads(readFileSync(join(cwd, 'h.json'), 'utf8'), 'h.json');
    const last = statement.heads[0]?.sequence ?? 0;
    const where = `where repository = ${SHOP.id} and sequence = ${last}`;
    const checked = async (...sql: readonly string[]): Promise<string> => {
      const copy = join(temporaryFolder(), 'copy.sqlite');
      writeFileSync(copy, readFileSync(database));
      alter(copy, ...sql);
      const { code, out } = await threatgate(cwd, 'heads', '--database', copy, '--check', 'h.json');
      expect(code).toBe(1);
      return out;
    };
    expect(await checked(`delete from records ${where}`)).toContain(
      `✗ record ${last} of acme/shop\n  It is not there any more`,
    );
    expect(await checked(`update records set text = replace(text, '"at"', '"au"') ${where}`)).toContain(
      'The record was altered',
    );
    const other = join(temporaryFolder(), 'other.sqlite');
    await makeLedger(
      { file: other },
      story().map((r) => ({ ...r, details: { ...r.details, other: true } })),
    );
    const anew = await threatgate(cwd, 'heads', '--database', other, '--check', 'h.json');
    expect(anew).toMatchObject({
      code: 1,
      out: expect.stringContaining('the chain was written anew'),
    });
  });

  test('a statement that was altered, or signed by somebody else, is refused', async () => {
    await heads('--sign', key.file, '--output', 'h.json');
    const file = join(cwd, 'h.json');
    const text = readFileSync(file, 'utf8');
    const envelope = JSON.parse(text) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString('utf8');
    const forged = text.replace(
      envelope.payload,
      Buffer.from(payload.replace('acme', 'evil')).toString('base64'),
    );
    writeFileSync(file, forged);
    expect((await heads('--check', 'h.json')).out).toContain('does not fit: something was altered');
    writeFileSync(file, payload);
    expect((await heads('--check', 'h.json')).out).toContain('It names a key, and nobody signed it.');
  });

  test('unsigned ones say so, and count for nothing where a key is asked for', async () => {
    expect((await heads('--output', 'h.json')).out).toContain('Not signed');
    expect((await heads('--check', 'h.json')).out).toContain('(not signed)');
    expect(await heads('--check', 'h.json', '--trust', key.publicFile)).toMatchObject({
      code: 1,
      out: expect.stringContaining('It is not signed.'),
    });
    const stranger = keyFile(temporaryFolder());
    await heads('--sign', stranger.file, '--output', 's.json');
    expect((await heads('--check', 's.json', '--trust', key.publicFile)).out).toContain(
      'none of those that are trusted',
    );
  });

  test('go into a note of a commit, once', async () => {
    const clone = temporaryFolder();
    const run = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', clone, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        encoding: 'utf8',
      });
    run('init', '-q');
    run('config', 'user.name', 'a');
    run('config', 'user.email', 'a@example.org');
    run('commit', '-q', '--allow-empty', '-m', 'x');
    const made = await heads('--sign', key.file, '--repos', 'acme/shop', '--note', clone);
    expect(made.err).toBe('');
    expect(made.out).toContain('push it with: git push origin refs/notes/threatgate');
    const note = run('notes', '--ref=refs/notes/threatgate', 'show', 'HEAD').trim();
    expect(readHeads(note, 'note').statement.heads).toMatchObject([{ repository: SHOP }]);
    writeFileSync(join(cwd, 'note.json'), note);
    expect(await heads('--check', 'note.json', '--trust', key.publicFile)).toMatchObject({ code: 0 });
    expect((await heads('--note', clone, '--commit', 'nothing')).err).toContain(
      'There is no commit "nothing"',
    );
  });

  test('wrong questions are told', async () => {
    expect((await heads('--trust', key.publicFile)).err).toContain('--trust is for --check');
    expect((await heads('--check', 'h', '--sign', 'k')).err).toContain('leave out --sign');
    expect((await heads('--commit', 'main')).err).toContain('--commit is for --note');
    expect((await heads('--repos', 'acme/none')).err).toContain(
      'There is no record of a repository "acme/none"',
    );
    expect((await heads('--check', 'nothing.json')).err).toContain('could not be read');
  });
});

describe('ends of chains on GitHub', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = headSigner(createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  let service: ServiceUnderTest;
  beforeEach(async () => {
    service = await serviceUnderTest({ git });
    await service.settle();
  });

  /** A sweep with the key. Returns how many requests it took. */
  async function sweep(): Promise<number> {
    const { store, hosting, now } = service;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const deps = { ...lookDepsOf({ setting: service, store, hosting, log }), heads: signer };
    const [row] = await store.repositories();
    if (!row) throw new Error('There is no repository.');
    await store.queue.want(
      [{ installation: row.installation, subject: { kind: 'repository', repository: row.repository } }],
      now(),
    );
    const before = service.gh.requests.length;
    await runDue({
      store,
      look: (lease) => lookAt(lease, deps),
      now,
      log,
      metrics: createMetrics(),
      name: 'sweeper',
      leaseMs: 60_000,
    });
    return service.gh.requests.length - before;
  }

  const shop = async (): Promise<number> => (await service.store.repositories())[0]?.repository.id ?? 0;
  const records = async (): Promise<readonly { readonly [key: string]: Json | undefined }[]> =>
    (await service.store.records({ repository: await shop(), kinds: ['head-published'] })).map(
      (r) => r.details,
    );
  const runs = () => [...service.gh.world.checkRuns.values()].filter((run) => run.name === HEAD_CHECK);

  test('are shown once a day when the chain grew, signed, and go on record', async () => {
    await sweep();
    const [record] = await records();
    const all = await service.store.records({ repository: await shop() });
    const last = all.find((r) => r.sequence === record?.['sequence']);
    expect(record).toMatchObject({ hash: last?.hash, keyId: keyIdOf(publicKey) });
    const [run] = runs();
    expect(record?.['where']).toBe(`check-run/${run?.id ?? 0}`);
    const line = /```json\n(.*)\n```/.exec(run?.text ?? '')?.[1] ?? '';
    const { statement, signer: by } = readHeads(line, 'run');
    expect(by?.fingerprint.slice(0, 16)).toBe(signer.keyId);
    expect(statement.heads).toMatchObject([{ sequence: record?.['sequence'], hash: record?.['hash'] }]);
    expect(JSON.parse(line)).toMatchObject({ signatures: [{ sig: record?.['signature'] }] });
    // The same day, and the next one when nothing happened.
    const rest = await sweep();
    service.pass(25 * 60 * 60_000);
    await sweep();
    expect(await records()).toHaveLength(1);
    expect(runs()).toHaveLength(1);
    // A sweep at rest asks for nothing more because of this.
    expect(rest).toBeLessThanOrEqual(2);
    service.gh.control.pushCommit({
      by: 'alice',
      repo: 'acme/shop',
      branch: 'main',
      files: { 'x.md': 'x\n' },
    });
    await service.settle();
    service.pass(25 * 60 * 60_000);
    await sweep();
    expect(await records()).toHaveLength(2);
  });
});
