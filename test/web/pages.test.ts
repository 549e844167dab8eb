/** What the pages say: who may see what, hostile texts, questions that cannot be asked, and what a change comes to. */
import { describe, expect, test } from '@jest/globals';
import { WAYS } from '../../src/core/model/audit.ts';
import { ADDRESSES, filledIn } from './pages-addresses.ts';
import { EVERYTHING, see } from './pages-context.ts';
import { ACME_SHOP, BANK, EDGE } from './pages-ledger.ts';
import { sampleView } from './pages-server.ts';

describe('hostile texts', () => {
  test.each(ADDRESSES.map(({ path }) => path))('%p holds none that a browser obeys', async (path) => {
    const { html } = await see(await filledIn(path));
    expect(html).not.toMatch(/<script>alert|<img src|\son\w+=/i);
    expect(html).not.toMatch(/href="(?!\/|#|\?|https:\/\/github\.com\/|data:,")/);
    // Neither controls nor overrides of direction.
    expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(html).not.toMatch(/style=/);
    expect(html.length).toBeLessThan(1_500_000);
  });

  test('are shown, and said to be cut', async () => {
    const { text } = await see(`/${EDGE.name}/pull/666`);
    expect(text).toContain('"><script>alert(1)</script>');
    expect(text).toContain('<U+202E>');
    expect(text).toMatch(/\(98,\d{3} more characters\)/);
  });
});

describe('out of sight', () => {
  const some = { kind: 'some', repositories: new Set([BANK.id]) } as const;

  test.each(['', '/pull/101', '/push/135', '/record/5'])(
    '%p of a repository out of scope is as one that is not there',
    async (rest) => {
      const [hidden, absent] = [
        await see(`/${ACME_SHOP.name}${rest}`, some),
        await see(`/acme/nothing${rest}`, some),
      ];
      expect(hidden.status).toBe(404);
      expect(hidden.html).toBe(absent.html);
    },
  );

  test('nothing of it is counted, listed or hinted at', async () => {
    for (const address of ['', '/repositories', `/${BANK.name}`]) {
      const { text } = await see(address, some);
      expect(text).not.toContain(ACME_SHOP.name);
      expect(text).not.toContain(EDGE.name);
    }
    const verdict = await filledIn('/document/{verdict}');
    expect((await see(verdict)).status).toBe(200);
    expect((await see(verdict, some)).status).toBe(404);
  });
});

describe('what cannot be asked is said, with what to write instead', () => {
  test.each([
    ['?from=2026-10-01&to=2026-01-01', 'the other way round'],
    ['?from=2001-01-01&to=2026-01-01', 'longer than 10 years'],
    ['?from=yesterday', 'Write a day like 2026-01-31'],
    ['?form=2026-01-01', 'Nothing here is called "form"'],
    ['?repository=shop', 'like acme/shop'],
    ['/repositories?after=%22', 'Begin at the first page'],
    ['/repositories?after=1.2.3.4', 'Begin at the first page'],
    ['/acme/shop?from=2026-02-30', 'in no calendar'],
    ['/acme/shop/pull/101?record=x', 'Write a whole number'],
    ['/acme/shop/pull/101?record=1', 'holds no verdict on this pull request. These do:'],
    ['/acme/shop/record/5?x=1', 'Nothing here is called "x"'],
    ['/document/sha256:12', 'Write sha256: and 64 digits'],
  ])('%p', async (address, said) => {
    const { status, text } = await see(address);
    expect(status).toBe(400);
    expect(text).toContain(said);
  });

  test.each([
    '/acme/shop/pull/0',
    '/acme/shop/pull/99999',
    '/acme/shop/pull/1e3',
    '/acme/shop/record/-1',
    '/acme/shop/push/1',
    '/acme/shop/record/99999',
  ])('nothing is at %p', async (address) => {
    expect((await see(address)).status).toBe(404);
  });
});

describe('the overview', () => {
  test('counts what the view counts, and leaves no month out', async () => {
    const period = { from: '2025-12-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
    const counts = await (await sampleView()).counts(EVERYTHING, { period });
    const { text } = await see('?from=2025-12-01&to=2026-12-01');
    const sum = WAYS.reduce((all, way) => all + counts[way], 0);
    expect(sum).toBeGreaterThan(60);
    expect(text).toContain(` Changes ${sum} `);
    expect(text).toContain(`gated ${counts.gated} of ${sum - counts['not-triggered']} triggered`);
    expect(text).toContain('2026-03');
  });

  test('says first what is overdue', async () => {
    const { text } = await see('');
    expect(text.indexOf('Reviews overdue Let through')).toBeGreaterThan(0);
    expect(text).toContain(
      'acme/shop#102 ▲ Emergency 2026-11-05 09:05 2026-11-12 the shop is down and nobody is in',
    );
  });

  test('says that nothing on record is no evidence', async () => {
    const { text } = await see('?from=2020-01-01&to=2021-01-01');
    expect(text).toContain('That is no evidence that nothing happened');
  });
});

describe('a pull request', () => {
  test('tells who decided what, as what, and what ended it', async () => {
    const { text } = await see('/acme/shop/pull/101');
    expect(text).toContain(
      '@ carol approver (team acme/security) 2026-10-02 10:59:00 Only the bookkeeper may read it',
    );
    expect(text).toContain(
      '▲ Ended 2026-10-01 11:40:00 , record 94 . I have to look again: who reads the exports?',
    );
    expect(text).toContain('✓ Stood at the merge');
    expect(text).toContain('never counted');
    expect(text).toContain('Ask somebody of acme/security');
  });

  test('has every record of its trail once, in order, with its hash', async () => {
    const trail = await (await sampleView()).trail(EVERYTHING, ACME_SHOP.id, 101);
    const { html } = await see('/acme/shop/pull/101');
    expect([...html.matchAll(/<li id="record-(\d+)"/g)].map(([, n]) => Number(n))).toEqual(
      trail.map((r) => r.sequence),
    );
    for (const { hash } of trail) expect(html).toContain(hash);
  });

  test('shows the verdict of any record as it was then', async () => {
    const first = await see(await filledIn('/acme/shop/pull/101?record={evaluated 101}'));
    expect(first.text).toContain('✕ Failure 2 facts of 2 are not in the model');
    expect(first.text).toContain('No element of the model is about it');
    const last = await see('/acme/shop/pull/101');
    expect(last.text).toContain('Approved by @carol, approver (team acme/security)');
    expect(last.text).not.toContain('No element of the model is about it');
  });

  test('has each question with all of its answers', async () => {
    const { text } = await see('/acme/shop/pull/101');
    expect(text).toMatch(
      /✓ risk accepted exports are small, few, and deleted after a week owner @bob until 2026-11-01 23:59:59 ▲ ran out @ ?bob author/,
    );
    expect(text).toMatch(/✓ thought through.*▲ open again/);
    expect(text).toContain('○ No answer on record');
  });

  test('links to where it was said, to files at their commits, and tells no site where the reader was', async () => {
    const { html } = await see('/acme/shop/pull/101');
    expect(html).toContain('https://github.com/acme/shop/pull/101#pullrequestreview-77"');
    expect(html).toContain('https://github.com/acme/shop/pull/101#issuecomment-42"');
    for (const [tag] of html.matchAll(/<a [^>]*https:\/\/[^>]*>/g))
      expect(tag).toContain('rel="noopener noreferrer"');
  });

  test('of another form is shown as far as it can be read', async () => {
    const { text } = await see('/acme/shop/pull/110');
    expect(text).toContain('This verdict was written in another form (2.3)');
    expect(text).toContain('Not all of this could be: facts.');
    expect(text).toContain('The threat model follows the change');
  });

  test('whose verdict is not kept says so, and names its digest', async () => {
    const { text } = await see('/acme/shop/pull/109');
    expect(text).toContain('The verdict itself is not stored here.');
    expect(text).toContain('✕ Unexplained');
  });

  test('that is not merged says so', async () => {
    expect((await see('/acme/shop/pull/107')).text).toContain('Not merged, as far as it is on record');
    expect((await see('/acme/shop/pull/108')).text).toContain('Closed without a merge');
  });
});

test('a record is checked as it is shown', async () => {
  const good = await see('/acme/shop/record/5');
  expect(good.text).toContain('✓ Its content has this hash');
  const view = await sampleView();
  const altered: typeof view = {
    ...view,
    record: async (...asked) => {
      const record = await view.record(...asked);
      return record && { ...record, at: '2020-01-01T00:00:00.000Z' };
    },
  };
  const bad = await see('/acme/shop/record/5', EVERYTHING, { view: altered });
  expect(bad.text).toContain('✕ Broken its content does not have the hash it states');
});

test('a push says that nobody judged it', async () => {
  const { text } = await see(await filledIn('/acme/shop/push/{direct-push}'));
  expect(text).toContain('Pushed to main: no pull request brought it there.');
  expect(text).toContain('no verdict, question or approval belongs to it');
});

describe('every page', () => {
  test('says what is missing, who looks, and where it is', async () => {
    const { html, text } = await see('/repositories', EVERYTHING, {
      freshness: {
        shown: 1_200,
        recorded: 1_500,
        until: undefined,
        problems: [
          { repository: ACME_SHOP, record: 57, why: 'its content does not have the hash it states' },
        ],
      },
    });
    expect(text).toContain('These pages show 1,200 records of 1,500 records');
    expect(text).toContain('The chain of acme/shop breaks at record 57');
    expect(text).toContain('@ olga auditor');
    expect(html).toContain('<form method="post" action="/audit/logout">');
    expect(html.match(/aria-current/g)).toHaveLength(1);
  });

  test('says that local mode shows everything', async () => {
    expect((await see('', EVERYTHING, { local: true })).text).toContain('nobody has logged in');
  });
});
