import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCheckbox, writeCheckbox } from '../../src/core/commands/checkbox.ts';
import { parseAnswers, readTicks } from '../../src/core/commands/parse-answers.ts';

const three = ['OBJ-I1', 'OBJ-T1', 'NET-E2'];
const one = ['OBJ-I1'];
const wrong = (message: string, remedy = '') => ({
  kind: 'wrong',
  message: expect.stringContaining(message),
  remedy: expect.stringContaining(remedy),
});

describe('answers in a reply', () => {
  test.each<readonly [string, readonly string[], readonly object[]]>([
    [
      'control: bucket policy denies public reads',
      one,
      [{ question: 'OBJ-I1', kind: 'control', text: 'bucket policy denies public reads' }],
    ],
    [
      'Control: bucket policy denies public reads\r\n',
      one,
      [{ question: 'OBJ-I1', kind: 'control', text: 'bucket policy denies public reads' }],
    ],
    ['obj-t1 ticket: ABC-1', three, [{ question: 'OBJ-T1', kind: 'ticket', text: 'ABC-1' }]],
    ['2 ticket: #12 is on it', three, [{ question: 'OBJ-T1', kind: 'ticket', text: '#12 is on it' }]],
    ['2. ticket: ABC-1', three, [{ question: 'OBJ-T1', kind: 'ticket', text: 'ABC-1' }]],
    [
      '3) n/a: it holds only public files',
      three,
      [{ question: 'NET-E2', kind: 'not-applicable', text: 'it holds only public files' }],
    ],
    [
      'Thanks, here they are:\n- OBJ-I1: control: encrypted with our key\n- NET-E2 not applicable: no network there',
      three,
      [
        { question: 'OBJ-I1', kind: 'control', text: 'encrypted with our key' },
        { question: 'NET-E2', kind: 'not-applicable', text: 'no network there' },
      ],
    ],
    [
      '1 accept: @ada, costs more than it is worth, today, until 2027-03-01',
      three,
      [
        {
          question: 'OBJ-I1',
          kind: 'accept',
          text: 'costs more than it is worth, today',
          owner: '@ada',
          expires: '2027-03-01T23:59:59.999Z',
        },
      ],
    ],
    ['Good question. I have to think: is it public?', three, []],
    ['> OBJ-I1 control: bucket policy denies public reads', three, []],
    ['```\nOBJ-I1 control: bucket policy denies public reads\n```', three, []],
    ['control: bucket policy denies public reads', [], []],
  ])('%j', (body, asked, answers) => {
    expect(parseAnswers(body, asked)).toEqual(answers);
  });

  test.each<readonly [string, readonly string[], object]>([
    ['control: bucket policy denies public reads', three, wrong('3 questions here', '`OBJ-I1 control: …`')],
    ['4 ticket: ABC-1', three, wrong('no question 4', '1 to 3')],
    ['0 ticket: ABC-1', three, wrong('no question 0')],
    ['OBJ-I2 ticket: ABC-1', three, wrong('`OBJ-I2` is not asked here', 'Did you mean `OBJ-I1`')],
    [
      'OBJ-I1 contol: encrypted with our key',
      three,
      wrong('`contol` is no kind of answer', 'Did you mean `control: …`'),
    ],
    ['OBJ-I1 done: encrypted with our key', three, wrong('`done` is no kind of answer', 'Answers are')],
    ['control: yes', one, wrong('names no control')],
    ['control:', one, wrong('names no control')],
    ['n/a: none', one, wrong('gives no reason')],
    ['ticket: soon', one, wrong('names no ticket', 'ABC-1')],
    ['ticket: we will open one in 2027', one, wrong('names no ticket')],
    [
      'accept: it is fine for now',
      one,
      wrong('an owner and a rationale and an end', 'accept: owner, rationale, until'),
    ],
    ['accept: ada, costs more than it is worth', one, wrong('lacks an end')],
    ['accept: ada, until 2027-03-01', one, wrong('lacks an owner and a rationale')],
    ['accept: nobody, costs more than it is worth, until 2027-03-01', one, wrong('lacks an owner')],
    ['accept: ada, costs more than it is worth, until 2027-02-31', one, wrong('`2027-02-31` is none')],
    [`control: ${'x'.repeat(1_001)}`, one, wrong('more than 1000 characters')],
    [`control: encrypted\n\n${'> '.repeat(40)}x`, one, wrong('more markup')],
  ])('wrong: %j', (body, asked, answer) => {
    expect(parseAnswers(body, asked)).toEqual([answer]);
  });

  test('every answer is about a question that was asked, and is bounded', () => {
    const word = fc.constantFrom(
      'OBJ-I1',
      'XXX-S1',
      '1',
      '2.',
      '9',
      'control',
      'ticket',
      'n/a',
      'accept',
      ':',
      ' ',
      ',',
      '\n',
      '- ',
      'until 2027-03-01',
      'a good reason',
      '@ada',
      '\ud800',
      '`',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const answers = parseAnswers(words.join(''), three);
        expect(answers.length).toBeLessThanOrEqual(50);
        for (const a of answers) {
          if (a.kind === 'wrong') continue;
          expect(three).toContain(a.question);
          expect(a.text.length).toBeLessThanOrEqual(1_000);
          if (a.kind === 'accept') expect([a.owner, a.expires]).not.toContain(undefined);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('ticks', () => {
  const body = (...lines: readonly string[]) =>
    ['**2 questions about `x`**', '', ...lines, '', '<!-- threatgate component=00 -->', ''].join('\n');
  const open = writeCheckbox(1, 'OBJ-I1', false, 'Who may read it?');
  const ticked = writeCheckbox(1, 'OBJ-I1', true, 'Who may read it?');
  const other = writeCheckbox(2, 'OBJ-T1', false, 'Who may write it?');

  test('a line is read as it is written', () => {
    expect(readCheckbox(ticked)).toEqual({ question: 'OBJ-I1', ticked: true, rest: 'Who may read it?' });
    expect(readCheckbox(writeCheckbox(12, 'OBJ-I1', false, ''))).toEqual({
      question: 'OBJ-I1',
      ticked: false,
      rest: '',
    });
  });

  test('set, taken away, left alone, and saved by a browser', () => {
    expect(readTicks(body(open, other), body(ticked, other), three)).toEqual([
      { question: 'OBJ-I1', ticked: true },
    ]);
    expect(readTicks(body(ticked, other), body(open, other), three)).toEqual([
      { question: 'OBJ-I1', ticked: false },
    ]);
    expect(readTicks(body(open, other), body(open, other), three)).toEqual([]);
    expect(
      readTicks(body(open, other), body(ticked.replace('[x]', '[X]'), other).replaceAll('\n', '\r\n'), three),
    ).toEqual([{ question: 'OBJ-I1', ticked: true }]);
  });

  test.each([
    ['a question that is not asked here', body(ticked, other), ['OBJ-T1']],
    ['a question rewritten', body(ticked.replace('read', 'write'), other), three],
    ['a line twice', body(ticked, ticked, other), three],
    ['both states at once', body(open, ticked, other), three],
    ['quoted', body(`> ${ticked}`, other), three],
    ['indented', body(`  ${ticked}`, other), three],
    ['another mark', body(ticked.replace('- [', '* ['), other), three],
    ['taken out', body(other), three],
    ['everything rewritten', 'All good.', three],
    ['no id', body('- [x] Who may read it?', other), three],
  ])('%s is no tick', (_, after, asked) => {
    expect(readTicks(body(open, other), after, asked)).toEqual([]);
  });

  test('whatever somebody makes of our comment, only asked questions are ticked, and each at most once', () => {
    const line = fc.oneof(
      fc.constantFrom(open, ticked, other, other.replace('[ ]', '[x]'), `> ${ticked}`, `${ticked} more`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.boolean(), (lines, crlf) => {
        const ticks = readTicks(body(open, other), lines.join(crlf ? '\r\n' : '\n'), ['OBJ-I1', 'OBJ-I1']);
        expect(ticks.length).toBeLessThanOrEqual(1);
        if (ticks.length > 0)
          expect(lines.flatMap((l) => l.split(/\r?\n/)).filter((l) => l === ticked)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});
