/** What pages are made of: escaping, addresses, charts, words. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ceilingOf, heightOf, INNER, SIZE } from '../../src/web/layout/chart.ts';
import { barChart } from '../../src/web/layout/bar-chart.ts';
import { attributes, html, joined, lines } from '../../src/web/layout/html.ts';
import { duration, moment } from '../../src/web/layout/instant.ts';
import { percent, shareChart } from '../../src/web/layout/line-chart.ts';
import { githubFrom, pathsFrom } from '../../src/web/layout/link.ts';
import { foreign, grouped, prose } from '../../src/web/layout/words.ts';

describe('a template', () => {
  test('escapes every string, and what is made by another one is not escaped again', () => {
    const inner = html`<b title="${'"><i>'}">${'<i>'}</b>`;
    expect(html`<p>${inner}${undefined}${7}${['a', inner]}</p>`.toString()).toBe(
      `<p>${inner.toString()}7a${inner.toString()}</p>`,
    );
    expect(inner.toString()).toBe('<b title="&#34;&#62;&#60;i&#62;">&#60;i&#62;</b>');
  });

  test('whatever is put in adds neither a mark nor an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<a${attributes({ href: text, hidden: false })}>${text}${foreign(text, 10)}${prose(text)}${lines(text)}</a>`;
        expect(
          made.toString().replace(/<\/?(?:a|bdi|code|span)(?: (?:href|class)="[^"<>]*")?>/g, ''),
        ).not.toMatch(/[<>"]/);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('joins with something between', () => {
    expect(joined(['a', '<', 'b'], html`<i>,</i>`).toString()).toBe('a<i>,</i>&#60;<i>,</i>b');
  });
});

describe('addresses', () => {
  test('cannot climb, and hold what they are made of', () => {
    const paths = pathsFrom('/audit');
    expect(paths.repository('../..')).toBe('/audit/%2E%2E/%2E%2E');
    expect(paths.pullRequest('acme/a?b#c', 7)).toBe('/audit/acme/a%3Fb%23c/pull/7');
    expect(paths.to('/records', { repository: 'a/b', from: undefined, kind: ['x', 'y'] })).toBe(
      '/audit/records?repository=a%2Fb&kind=x&kind=y',
    );
  });

  test('on GitHub are made for commits and known sources alone', () => {
    const github = githubFrom('https://github.com');
    expect(github.commit('a/b', 'javascript:alert(1)').toString()).not.toContain('href');
    expect(github.file('a/b', 'main', 'x', 1).toString()).not.toContain('href');
    expect(String(github.said('a/b', 1, 'comment/9 x'))).toContain('#issuecomment-9"');
    expect(github.said('a/b', 1, 'merged/1')).toBeUndefined();
  });
});

describe('charts', () => {
  test('the top is round, and holds the largest value', () => {
    fc.assert(
      fc.property(fc.nat(5_000_000), (n) => {
        const top = ceilingOf(n);
        expect(top).toBeGreaterThanOrEqual(n);
        expect(Number.isInteger(top / 2)).toBe(true);
        expect(top).toBeLessThanOrEqual(Math.max(2, n * 2.5));
      }),
      { seed: 4 },
    );
  });

  test('bars stand on one another, and end where their sum is', () => {
    const chart = barChart({
      id: 'x',
      title: 'x',
      description: 'x',
      places: ['2026-01', '2026-02'],
      kind: 'months',
      series: [
        { name: 'a', fill: 'plain', values: [3, 0] },
        { name: 'b', fill: 'pale', values: [5, 10] },
      ],
    }).toString();
    const bars = [
      ...chart.matchAll(
        /<title>(2026-0\d): (\d+) (\w)<\/title><rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g,
      ),
    ];
    const [a, b, c] = bars.map(([, , , , y, height]) => ({ y: Number(y), height: Number(height) }));
    expect(bars).toHaveLength(3);
    expect(a).toEqual({ y: heightOf(3, 10), height: INNER.base - heightOf(3, 10) });
    expect(b?.y).toBe(heightOf(8, 10));
    expect((b?.y ?? 0) + (b?.height ?? 0)).toBeCloseTo(a?.y ?? 0, 5);
    expect(c).toEqual({ y: SIZE.top, height: INNER.height });
  });

  test('a month without anything breaks the line', () => {
    const chart = shareChart({
      id: 'x',
      title: 'x',
      description: 'x',
      months: ['2026-01', '2026-02', '2026-03', '2026-04'],
      shares: [
        { part: 1, whole: 2 },
        { part: 0, whole: 0 },
        { part: 1, whole: 1 },
        { part: 0, whole: 3 },
      ],
      part: 'a',
      whole: 'b',
      tone: 'good',
    }).toString();
    expect(chart.match(/<circle/g)).toHaveLength(3);
    expect(/ d="([^"]*)"/.exec(chart)?.[1]?.match(/M/g)).toHaveLength(1);
  });

  test('what is not all is never called all', () => {
    expect(percent({ part: 9_999, whole: 10_000 })).toBe('99%');
    expect(percent({ part: 10_000, whole: 10_000 })).toBe('100%');
    expect(percent({ part: 0, whole: 0 })).toBe('none');
  });
});

test('words', () => {
  expect(grouped(1_234_567)).toBe('1,234,567');
  expect([30, 900, 5_400, 86_400, 604_800].map(duration)).toEqual([
    'less than a minute',
    '15 minutes',
    '2 hours',
    '1 day',
    '7 days',
  ]);
  expect(moment('2026-03-01T10:00:05+02:00').toString()).toBe(
    '<time datetime="2026-03-01T08:00:05.000Z">2026-03-01 08:00</time>',
  );
  expect(moment('<soon>').toString()).toBe('<bdi>&#60;soon&#62;</bdi>');
  expect(foreign('x'.repeat(20), 10).toString()).toContain('(10 more characters)');
});
