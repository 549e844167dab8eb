import { describe, expect, test } from '@jest/globals';
import { createAnalysisCache } from '../../src/app/analysis-cache.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { countRecords, countRequests } from '../../src/app/observe.ts';
import type { Analysis } from '../../src/core/assess.ts';
import type { AuditRecord, RecordDraft } from '../../src/core/model/record.ts';
import type { Changes, Lease, Store } from '../../src/review/store.ts';

const value = async (name: string, metrics = createMetrics()): Promise<string> =>
  metrics.registry.getSingleMetricAsString(`threatgate_${name}`);

describe('requests', () => {
  test('belong to the look that made them, although several run at the same time', async () => {
    const metrics = createMetrics();
    const { during, seen } = countRequests(metrics);
    const one = Promise.withResolvers<undefined>();
    const two = Promise.withResolvers<undefined>();
    const looks = [
      during('pull-request', async () => {
        seen({ route: 'PullRequest', status: 200 });
        await one.promise;
        for (let i = 0; i < 5; i++) seen({ route: 'GET /x', status: 304 });
      }),
      during('push', async () => {
        await two.promise;
        seen({ route: 'History', status: 0 });
      }),
    ];
    two.resolve(undefined);
    one.resolve(undefined);
    await Promise.all(looks);
    seen({ route: 'GET /app', status: 200 });
    const perLook = await value('github_requests_per_look', metrics);
    expect(perLook).toContain('threatgate_github_requests_per_look_sum{subject="pull-request"} 6');
    expect(perLook).toContain('threatgate_github_requests_per_look_sum{subject="push"} 1');
    const total = await value('github_requests_total', metrics);
    expect(total).toContain('{route="GET /x",status="304"} 5');
    expect(total).toContain('{route="History",status="none"} 1');
    expect(total).toContain('{route="GET /app",status="200"} 1');
  });

  test('of a look that failed are counted, but not per look', async () => {
    const metrics = createMetrics();
    const { during, seen } = countRequests(metrics);
    const failing = during('push', () => {
      seen({ route: 'History', status: 502 });
      return Promise.reject(new Error('502'));
    });
    await expect(failing).rejects.toThrow('502');
    expect(await value('github_requests_total', metrics)).toContain('status="502"} 1');
    expect(await value('github_requests_per_look', metrics)).not.toContain('subject="push"');
  });
});

test('what is put on record is counted by kind, and verdicts by conclusion', async () => {
  const metrics = createMetrics();
  const apply = (_: Lease, { records = [] }: Changes): Promise<readonly AuditRecord[]> =>
    Promise.resolve(records.map((r, i) => ({ ...r, sequence: i + 1, previous: '', hash: '' })));
  const store = countRecords({ apply } as unknown as Store, metrics);
  const record = (kind: RecordDraft['kind'], details: RecordDraft['details']): RecordDraft => ({
    kind,
    repository: { id: 700, name: 'acme/orchard' },
    at: '2026-02-01T00:00:00.000Z',
    source: 'x',
    details,
  });
  const records = [
    record('evaluated', { conclusion: 'success' }),
    record('approved', { conclusion: 'no verdict' }),
  ];
  expect(await store.apply({} as Lease, { records }, '')).toHaveLength(2);
  await store.apply({} as Lease, { records: records.slice(0, 1) }, '');
  expect(await value('evaluations_total', metrics)).toMatch(/\{conclusion="success"\} 2$/);
  expect(await value('records_total', metrics)).toMatch(/\{kind="evaluated"\} 2\n.*\{kind="approved"\} 1$/);
});

test('of analyses, those that were asked for last are kept', () => {
  const cache = createAnalysisCache(2);
  const [a, b, c] = ['a', 'b', 'c'].map((digest) => ({ digest }) as Analysis);
  if (!a || !b || !c) throw new Error('three are needed');
  cache.set('a', a);
  cache.set('b', b);
  expect(cache.get('a')).toBe(a);
  cache.set('c', c);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([a, undefined, c]);
});
