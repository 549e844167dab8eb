import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../src/core/commands/parse-command.ts';
import { stopwatch } from '../stopwatch.ts';

const approve = { kind: 'approve' };
const wrong = (message: string | RegExp, remedy: string | RegExp = '') => ({
  kind: 'wrong',
  message: expect.stringMatching(message),
  remedy: expect.stringMatching(remedy),
});

describe('commands', () => {
  test.each<readonly [string, object]>([
    ['/threatgate approve', approve],
    ['   /threatgate approve', approve],
    ['/threatgate  approve  ', approve],
    ['\uFEFF/threatgate approve\u00a0', approve],
    ['/Threatgate Approve', approve],
    ['Looks good.\n\n/threatgate approve\n\nThanks!', approve],
    ['Looks good:\n/threatgate approve', approve],
    ['Looks good:\r\n/threatgate approve\r\n', approve],
    ['old Mac\r/threatgate approve\r', approve],
    ['/threatgate approve the model says it all', { ...approve, statement: 'the model says it all' }],
    ['/threatgate approve\n/threatgate approve', approve],
    ['/threatgate approve\u00a0now', { ...approve, statement: 'now' }],
    ['- first\n- second\n\n/threatgate approve', approve],
    ['/threatgate waive spike, deleted next week', { kind: 'waive', reason: 'spike, deleted next week' }],
    [
      '/threatgate waive a spike for the demo, until 2027-03-01.',
      { kind: 'waive', reason: 'a spike for the demo', expires: '2027-03-01T23:59:59.999Z' },
    ],
    [
      '/threatgate waive waits for the vendor until 2028-02-29',
      { kind: 'waive', reason: 'waits for the vendor', expires: '2028-02-29T23:59:59.999Z' },
    ],
    [
      '/threatgate waive until the vendor answers we keep it',
      { kind: 'waive', reason: 'until the vendor answers we keep it' },
    ],
    ['/threatgate revoke', { kind: 'revoke' }],
    ['/threatgate revoke I was wrong', { kind: 'revoke', reason: 'I was wrong' }],
    ['/threatgate revoke bob was wrong', { kind: 'revoke', reason: 'bob was wrong' }],
    ['/threatgate revoke @bob-1', { kind: 'revoke', target: 'bob-1' }],
    [
      '/threatgate revoke @bob_acme it is not so',
      { kind: 'revoke', target: 'bob_acme', reason: 'it is not so' },
    ],
    [
      '/threatgate emergency INC-7 checkout is down since noon',
      { kind: 'emergency', incident: 'INC-7', reason: 'checkout is down since noon' },
    ],
    [
      '/threatgate emergency https://status.example.com/i/42 checkout is down',
      { kind: 'emergency', incident: 'https://status.example.com/i/42', reason: 'checkout is down' },
    ],
    ['/threatgate recheck', { kind: 'recheck' }],
    ['/threatgate recheck please', { kind: 'recheck' }],
    ['/threatgate help', { kind: 'help' }],
    ['/threatgate', { kind: 'help' }],
  ])('%j', (body, command) => {
    expect(parseCommand(body)).toEqual(command);
  });

  test.each<readonly [string, object]>([
    ['/threatgate aprove', wrong('no command `aprove`', 'Did you mean `/threatgate approve`')],
    ['/threatgate approve!', wrong('no command', 'approve')],
    ['/threatgate app\u200brove', wrong('no command', 'Did you mean `/threatgate approve`')],
    ['/threatgate \u0430pprove', wrong('no command', 'approve')],
    ['/threatgate revo\u212Ae', wrong('no command', 'Did you mean `/threatgate revoke`')],
    ['/threatgate __proto__', wrong('no command', 'There are: approve')],
    ['/threatgate `x`', wrong('no command `x`')],
    ['/threatgate waive', wrong('needs a reason', 'why')],
    ['/threatgate waive TODO', wrong('needs a reason')],
    ['/threatgate waive ........ ---- ....', wrong('needs a reason')],
    ['/threatgate waive until 2027-03-01', wrong('needs a reason')],
    [
      '/threatgate waive spike for the demo until 2027-02-30',
      wrong('`2027-02-30` is no date', 'until 2027-03-01'),
    ],
    ['/threatgate waive spike for the demo until 1.3.2027', wrong('`1.3.2027` is no date')],
    ['/threatgate emergency', wrong('number of its incident', 'INC-7')],
    ['/threatgate emergency production is down', wrong('number of its incident')],
    ['/threatgate emergency INC-7', wrong('needs a reason')],
    ['/threatgate emergency INC-7 tbd', wrong('needs a reason')],
    ['/threatgate revoke @acme/security now', wrong('is no login', '@login')],
    ['/threatgate revoke @', wrong('is no login')],
    [`/threatgate approve ${'x'.repeat(1_001)}`, wrong('more than 1000 characters')],
    ['/threatgate approve\n\n/threatgate revoke', wrong('several commands', 'one command')],
    ['/threatgate approve\n\n/threatgate aprove', wrong('several commands')],
    [`${'> '.repeat(40)}x\n\n/threatgate approve`, wrong('more markup', 'of its own')],
  ])('wrong: %j', (body, command) => {
    expect(parseCommand(body)).toEqual(command);
  });
});

describe('what is not the author’s own prose commands nothing', () => {
  test.each([
    'no command',
    'say /threatgate approve',
    '/threatgates approve',
    '//threatgate approve',
    '／threatgate approve',
    '/threat\u200bgate approve',
    '\\/threatgate approve',
    '    /threatgate approve',
    '\t/threatgate approve',
    '> /threatgate approve',
    '> she said\n/threatgate approve',
    '> she said\r/threatgate approve',
    '```\n/threatgate approve\n```',
    '~~~ text\n/threatgate approve',
    '- ```\n  /threatgate approve\n  ```',
    '- > x\n  /threatgate approve',
    '`code\n/threatgate approve`',
    '<!--\n/threatgate approve\n-->',
    'text <!--\n/threatgate approve\n-->',
    '<!-- never closed\n\n/threatgate approve',
    '<details>\n/threatgate approve\n</details>',
    '<pre>\n\n/threatgate approve\n\n</pre>',
    '[link\n/threatgate approve](https://example.com)',
    '![picture\n/threatgate approve](https://example.com/x.png)',
    '[x]: https://example.com "title\n/threatgate approve"',
    '- /threatgate approve',
    '1. /threatgate approve',
    '# /threatgate approve',
    'a\u2028/threatgate approve',
    'a\u0085/threatgate approve',
    'a\u000b/threatgate approve',
  ])('%j', (body) => {
    expect(parseCommand(body)).toBeUndefined();
  });

  test('whatever stands around it in quotes and code', () => {
    const inert = fc
      .tuple(
        fc.constantFrom('> ', '>', '> > ', '     '),
        fc.array(
          fc.string({ maxLength: 12 }).filter((s) => !/[\r\n]/.test(s)),
          { maxLength: 4 },
        ),
      )
      .map(([mark, lines]) => [...lines, '/threatgate approve', ...lines].map((l) => mark + l).join('\n'));
    fc.assert(
      fc.property(inert, (body) => parseCommand(`\n${body}`)?.kind !== 'approve'),
      { numRuns: 300 },
    );
  });
});

test('never throws, and is quick, whatever it reads', () => {
  const piece = fc.constantFrom(
    '/threatgate ',
    'approve',
    'waive ',
    '\n',
    '\r',
    '```',
    '> ',
    '`',
    '<!--',
    '-->',
    '- ',
    '    ',
    '@',
    '\u{1f600}',
    '\ud800',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(() => parseCommand(pieces.join(''))).not.toThrow();
    }),
    { numRuns: 500 },
  );
  const took = stopwatch();
  for (const long of ['> ', '`a', '- ', '[', '<!--', '\r', '\u2028', ' ', '*a_', '|', '/threatgate '])
    parseCommand(`/threatgate approve\n${long.repeat(Math.floor(250_000 / long.length))}`);
  expect(took()).toBeLessThan(10_000);
});
