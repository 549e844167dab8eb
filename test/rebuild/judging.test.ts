/** What is believed of an artifact, of sentences of a verdict, and how long is waited: without a GitHub. */
import { describe, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { canonicalJson, digestOf } from '../../src/core/digest.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { NotThere, RateLimited, Unavailable } from '../../src/review/hosting-errors.ts';
import { verdictIn } from '../../src/rebuild/action-evidence.ts';
import { exceptionsIn, restsOn, whyNot } from '../../src/rebuild/named.ts';
import { withPatience } from '../../src/rebuild/patience.ts';
import { judgement, quiet, verdict } from '../report/verdicts.ts';

const told = (whole: Verdict) => ({ head: whole, whole, record: undefined });
const approvedBy = (reason: string): Verdict =>
  verdict({
    applicable: true,
    title: 'The model covers the change and it is approved',
    judgement: judgement('verdict', 'pass', { children: [judgement('TM004', 'pass', { reason })] }),
  });

describe('what a verdict rests on', () => {
  const approved = told(approvedBy('Approved by @alice, approver (user), at 2026-11-02T09:00:00.000Z.'));

  test('is the decision that it names, by that person, of that kind', () => {
    expect(restsOn(approved, 'approved', 'alice')).toBe(true);
    expect(restsOn(approved, 'approved', 'Alice')).toBe(true);
    for (const other of ['bob', 'ali', 'alice-2', 'a.ice', ''])
      expect(restsOn(approved, 'approved', other)).toBe(false);
    for (const kind of ['waived', 'emergency'] as const) expect(restsOn(approved, kind, 'alice')).toBe(false);
  });

  test('is nothing that the title only speaks of, nor an approval that is waited for', () => {
    const waits = verdict({
      judgement: judgement('verdict', 'pending', {
        children: [judgement('TM004', 'pending', { reason: 'Approved by @alice.' })],
      }),
    });
    expect(restsOn(told(waits), 'approved', 'alice')).toBe(false);
  });

  test('are exceptions, in the title or in place of an approval', () => {
    expect(exceptionsIn(approved)).toEqual([]);
    expect(exceptionsIn(told(approvedBy('Waived by @alice until 2026-12-01: why')))).toEqual(['waived']);
    expect(
      exceptionsIn(
        told(
          verdict({
            title: 'Let through as an emergency (INC-1) by @alice: it burns; a review afterwards is due.',
          }),
        ),
      ),
    ).toEqual(['emergency']);
  });

  test('says of somebody why they do not count', () => {
    const entry = judgement('TM004.entry', 'info', {
      title: 'By @bob',
      reason: 'Does not count: is the author.',
    });
    const refusing = told(
      verdict({
        judgement: judgement('verdict', 'pending', {
          children: [judgement('TM004', 'pending', { children: [entry] })],
        }),
      }),
    );
    expect(whyNot(refusing, 'Bob')).toBe('is the author');
    expect(whyNot(refusing, 'alice')).toBeUndefined();
  });
});

describe('an artifact of the Action', () => {
  const about = { pullRequest: 7, head: quiet.head };
  const evidence = (over: object = {}) => ({
    schema: '1.0',
    kind: 'threatgate-action-run',
    pullRequest: 7,
    verdict: { sha256: digestOf(canonicalJson(quiet)), head: quiet.head },
    ...over,
  });
  const zip = (said: unknown, judged: string = renderJson(quiet), folder = ''): Uint8Array =>
    zipSync({
      [`${folder}evidence.json`]: strToU8(JSON.stringify(said)),
      [`${folder}verdict.json`]: strToU8(judged),
    });

  test('is believed where both files say the same of this commit, in whatever folder', () => {
    for (const folder of ['', '_temp/threatgate/']) {
      const read = verdictIn(zip(evidence(), renderJson(quiet), folder), about);
      expect('why' in read ? read.why : canonicalJson(read.whole)).toBe(canonicalJson(quiet));
    }
  });

  test.each([
    ['no zip', strToU8('PK no'), 'cannot be unpacked'],
    ['nothing in it', zipSync({}), 'no `evidence.json`'],
    ['another kind', zip(evidence({ kind: 'x' })), 'no `evidence.json`'],
    ['another pull request', zip(evidence({ pullRequest: 8 })), 'about something else'],
    [
      'another commit',
      zip(evidence(), renderJson({ ...quiet, head: '3'.repeat(40) })),
      'about something else',
    ],
    ['no verdict', zip(evidence(), '[]'), 'no `verdict.json`'],
    [
      'another verdict',
      zip(evidence(), renderJson({ ...quiet, mode: 'observe' })),
      'not the one its evidence names',
    ],
  ])('is not with %s', (_, bytes, why) => {
    expect(verdictIn(bytes, about)).toEqual({ why: expect.stringContaining(why) });
  });
});

describe('patience', () => {
  const waiting = () => {
    const waits: number[] = [];
    const said: string[] = [];
    const now = '2026-11-02T09:00:00.000Z';
    const patience = {
      now: () => now,
      wait: (ms: number) => Promise.resolve(void waits.push(ms)),
      tell: (text: string) => void said.push(text),
    };
    return { waits, said, patience };
  };
  const failing = (times: number, error: Error) => {
    let left = times;
    return () => (left-- > 0 ? Promise.reject(error) : Promise.resolve('read'));
  };

  test('waits as long as GitHub says, and tells why', async () => {
    const { waits, said, patience } = waiting();
    const limit = new RateLimited('too many', '2026-11-02T09:40:00.000Z');
    expect(await withPatience(patience, failing(2, limit))).toBe('read');
    expect(waits).toEqual([2_400_000, 2_400_000]);
    expect(said[0]).toBe('GitHub’s limit is reached; going on at 2026-11-02T09:40:00.000Z');
  });

  test('ends: with too long a wait, with too many, and with what waiting does not mend', async () => {
    const { patience } = waiting();
    const far = new RateLimited('too many', '2026-11-03T09:00:00.000Z');
    await expect(withPatience(patience, failing(1, far))).rejects.toBe(far);
    const down = new Unavailable('down');
    expect(await withPatience(patience, failing(3, down))).toBe('read');
    await expect(withPatience(patience, failing(4, down))).rejects.toBe(down);
    const absent = new NotThere('gone');
    await expect(withPatience(patience, failing(1, absent))).rejects.toBe(absent);
  });
});
