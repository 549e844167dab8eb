import { expect, test } from '@jest/globals';
import { createLog, describeError } from '../../src/app/log.ts';
import { captureLog, SECRET } from './receiver.ts';

const token = `ghs_${'A1b2'.repeat(9)}`;
const longToken = `ghs_4242_eyJhbGciOiJSUzI1NiJ9.${'eyJpc3M'.repeat(8)}.${'c2lnbmF0dXJl'.repeat(6)}`;
const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(20)}-----END RSA PRIVATE KEY-----\n`;

test.each([
  ['a token', { note: `used ${token} today` }, token],
  ['a token of the new kind', { note: longToken }, 'eyJpc3M'],
  ['a fine-grained token', { note: `github_pat_${'a1_B'.repeat(10)}` }, 'a1_Ba1_B'],
  ['a header', { headers: { authorization: `token ${token}` } }, token],
  ['a nested header', { request: { authorization: `bearer ${token}` } }, 'bearer'],
  ['a bearer in words', { note: `Authorization: Bearer ${'x9'.repeat(20)}` }, 'x9x9'],
  ['a key', { note: key }, 'MIIE'],
  ['a key in an error', { err: new Error(`cannot parse "${key}" at all`) }, 'MIIE'],
  ['a password in an address', { err: new Error('cannot reach postgres://gate:hunter2@db/gate') }, 'hunter2'],
  ['the webhook secret', { note: `secret ${SECRET}` }, SECRET],
  [
    'a request that an error carries',
    { err: Object.assign(new Error('404'), { request: { body: 'hunter2' } }) },
    'hunter2',
  ],
  [
    'the response that an error carries',
    { err: Object.assign(new Error('404'), { response: { data: 'hunter2' } }) },
    'hunter2',
  ],
  ['a field called token', { token: 'hunter2' }, 'hunter2'],
])('%s does not get into the log, and the line stays JSON', (_, context, secret) => {
  const { log, lines, entries } = captureLog();
  log.error(context, 'something');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain(secret);
  expect(entries()).toMatchObject([{ level: 'error', msg: 'something' }]);
});

test('a secret with quotes in it is found as JSON writes it', () => {
  const secret = 'my "quoted" \\ secret';
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    secrets: [secret, ''],
    stream: { write: (l) => void lines.push(l) },
  });
  log.info({ note: `it is ${secret}.` }, 'x');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ note: 'it is [redacted].' });
});

test('an ordinary line is left alone', () => {
  const { log, entries } = captureLog();
  const context = {
    subject: 'pull/700/12',
    url: 'http://127.0.0.1:3000/api/v3@x',
    reason: 'token is too old to be used',
  };
  log.warn(context, 'GitHub refuses');
  expect(entries()).toMatchObject([{ ...context, level: 'warn', msg: 'GitHub refuses' }]);
});

test('errors keep what helps: kind, message, code, place, cause', () => {
  const cause = new TypeError('fetch failed');
  const error = Object.assign(new Error('no answer', { cause }), { code: 'ECONNREFUSED', status: 502 });
  expect(describeError(error)).toEqual({
    type: 'Error',
    message: 'no answer',
    code: 'ECONNREFUSED',
    status: 502,
    stack: expect.stringContaining('log.test.ts'),
    cause: 'TypeError: fetch failed',
  });
  expect(describeError('words')).toEqual({ message: 'words' });
  expect(String(describeError(new Error('x'.repeat(10_000)))['message'])).toHaveLength(500);
});
