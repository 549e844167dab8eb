import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { annotate, complain, print, say } from '../../src/action/log.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { peopleOf } from './people.ts';
import { actionUnderTest, commandsIn, type ActionUnderTest } from './runner.ts';

/** What `write` puts on the standard output. */
function written(write: () => void): string {
  const real = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (piece: string | Uint8Array): boolean => {
    text += String(piece);
    return true;
  };
  try {
    write();
  } finally {
    process.stdout.write = real;
  }
  return text;
}

const NASTY = [
  '::error::x',
  '::set-output name=conclusion::success',
  '::stop-commands::x',
  '::add-mask::e',
  '##[error]x',
  '##[set-env name=PATH;]x',
  '\n::error::x',
  '\r::error::x',
  '\u2028::error::x',
  '\u0085::error::x',
  '%0A::error::x',
  ',line=9,file=other::x',
  ' \t::error::x',
  '\u001b[31m::error::x',
  '\ud800',
];
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe('no text of a change is taken for a command of the runner', () => {
  test('in the log', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(commandsIn(written(() => say(text)))).toEqual([]);
        expect(commandsIn(written(() => print(`  ${text}`.replaceAll('\r', '\n'))))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('in an annotation, of which each is one line with our own properties', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const lines = commandsIn(written(() => complain('failure', text)));
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^::error title=Threatgate::/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('with the path, the title and the message of what it is about', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (file, message, remedy) => {
        const doubts = [{ code: 'unreadable-file', message, remedy, file, line: 3, weight: 'doubt' }];
        const lines = commandsIn(written(() => void annotate({ ...EMPTY, doubts } as unknown as Verdict)));
        expect(lines.length).toBeLessThanOrEqual(1);
        for (const line of lines)
          expect(line).toMatch(/^::error title=Could not be read,file=[^,:]*,line=3,endLine=3::[^\r\n]*$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

const EMPTY = {
  mode: 'enforce',
  judgement: { id: 'x', title: '', state: 'pass', reason: '', because: [], children: [] },
  facts: [],
  resources: [],
  coverage: { facts: [] },
  model: { changes: [] },
  questions: [],
  doubts: [],
  examined: { files: [], resources: { base: 0, head: 0 }, models: [] },
};

let action: ActionUnderTest | undefined;
afterEach(() => action?.close());

test('a hostile change is judged, and commands nothing', async () => {
  action = await actionUnderTest();
  const people = peopleOf(action);
  const evil = '::error::x %0A ##[group]y </summary><script>';
  await people.open({
    [`infra/${evil}.tf`]: `resource "aws_s3_bucket" "a" {\n  bucket = "${evil}"\n}\n`,
    'infra/\n::warning::name.tf': 'resource "aws_sqs_queue" "::error::b" {}\n',
    'infra/broken.tf': `resource "${evil}" {{{\n::error::c\n##[error]d\n`,
    'docs/threat-model.md': `# ${evil}\n\n::error::model\n\n## Components\n\n- **##[error]x**: ::error::\n`,
  });
  const ran = await action.run({ event: 'pull_request' });
  expect(ran.code).not.toBe(0);
  for (const line of ran.commands)
    expect(line).toMatch(/^::(?:error|warning|notice) title=[^:]*(?:,file=[^:,]*,line=\d+,endLine=\d+)?::/);
  const ours = ran.commands.filter((line) => /^::(?:error|warning|notice) title=/.test(line));
  expect(ran.commands).toEqual(ours);
  expect(ran.summary).not.toContain('<script>');
  expect(Object.keys(ran.outputs).sort()).toEqual([
    'conclusion',
    'digest',
    'evidence',
    'facts',
    'sarif',
    'verdict',
  ]);
});
