import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffResources } from '../src/core/diff/diff.ts';
import type { ResourceDelta } from '../src/core/model/resource-delta.ts';
import { show } from '../src/core/values/value.ts';
import { resource } from './support/resources.ts';

const summary = (deltas: readonly ResourceDelta[]): string[] =>
  deltas.flatMap((d) => [
    `${d.kind} ${d.base?.address ?? '-'} ${d.head?.address ?? '-'}`,
    ...d.changes.map((c) => `  ${c.op} ${c.path}: ${show(c.before)} → ${show(c.after)}`),
  ]);

describe('attributes compare by meaning', () => {
  test('a reordered list is no difference, an added element is one', () => {
    const a = resource('aws_security_group.api', {
      ingress: [{ port: 22, cidr: ['10.0.0.0/8', '192.0.2.0/24'] }],
    });
    const b = resource('aws_security_group.api', {
      ingress: [{ cidr: ['192.0.2.0/24', '10.0.0.0/8'], port: 22 }],
    });
    expect(diffResources([a], [b]).flatMap((d) => d.changes)).toEqual([]);
    const c = resource('aws_security_group.api', {
      ingress: [{ port: 22, cidr: ['0.0.0.0/0', '10.0.0.0/8', '192.0.2.0/24'] }],
    });
    expect(summary(diffResources([a], [c]))).toEqual([
      'changed aws_security_group.api aws_security_group.api',
      '  added ingress.cidr:  → 0.0.0.0/0',
    ]);
  });

  test('one changed map among many is paired with its own former self', () => {
    const rule = (name: string, port: number) => ({ name, port, protocol: 'tcp' });
    const a = resource('x.y', { rules: [rule('a', 1), rule('b', 2), rule('c', 3)] });
    const b = resource('x.y', { rules: [rule('c', 3), rule('a', 1), rule('b', 4)] });
    expect(summary(diffResources([a], [b])).slice(1)).toEqual(['  changed rules.port: 2 → 4']);
  });

  test('the sibling values of a changed leaf are at hand', () => {
    const a = resource('x.y', { ingress: [{ port: 22, cidr: ['10.0.0.0/8'] }] });
    const b = resource('x.y', { ingress: [{ port: 22, cidr: ['0.0.0.0/0'] }] });
    const [delta] = diffResources([a], [b]);
    expect(delta?.changes.map((c) => show(c.afterParent ?? c.beforeParent))).toEqual([
      '{port: 22, cidr: [0.0.0.0/0]}',
      '{port: 22, cidr: [0.0.0.0/0]}',
    ]);
  });

  test('all leaves of an added resource are added, of a removed one removed', () => {
    const r = resource('x.y', { a: 1, b: { c: [2, 3] } });
    expect(summary(diffResources([], [r]))).toEqual([
      'added - x.y',
      '  added a:  → 1',
      '  added b.c:  → 2',
      '  added b.c:  → 3',
    ]);
    expect(summary(diffResources([r], []))).toEqual([
      'removed x.y -',
      '  removed a: 1 → ',
      '  removed b.c: 2 → ',
      '  removed b.c: 3 → ',
    ]);
  });
});

describe('moves', () => {
  const body = { engine: 'postgres', size: 'small', subnet: { ref: 'aws_subnet.db' }, encrypted: true };

  test('a moved block is a move whatever the bodies say', () => {
    const deltas = diffResources(
      [resource('aws_db_instance.old', { engine: 'mysql' })],
      [resource('aws_db_instance.new', body, { movedFrom: ['aws_db_instance.old'] })],
    );
    expect(deltas.map((d) => d.kind)).toEqual(['moved']);
  });

  test('a renamed resource with the same body is a move, and what mentions it does not change', () => {
    const user = (ref: string) => resource('aws_ecs_service.web', { db: { ref }, name: 'web', port: 80 });
    const deltas = diffResources(
      [resource('aws_db_instance.main', body), user('aws_db_instance.main')],
      [resource('aws_db_instance.primary', body), user('aws_db_instance.primary')],
    );
    expect(summary(deltas)).toEqual([
      'moved aws_db_instance.main aws_db_instance.primary',
      'changed aws_ecs_service.web aws_ecs_service.web',
    ]);
  });

  test('the same resource in another folder is a move', () => {
    const deltas = diffResources(
      [resource('aws_db_instance.main', body)],
      [resource('aws_db_instance.main', body, { scope: 'modules/db', file: 'modules/db/main.tf' })],
    );
    expect(deltas.map((d) => d.kind)).toEqual(['moved']);
  });

  test('another thing of the same type is not a move', () => {
    const deltas = diffResources(
      [resource('aws_db_instance.main', body)],
      [resource('aws_db_instance.audit', { engine: 'mariadb', size: 'huge', public: true, vpc: 'other' })],
    );
    expect(deltas.map((d) => d.kind).sort()).toEqual(['added', 'removed']);
  });
});

describe('properties', () => {
  const data = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,4}$/),
    fc.oneof(fc.string(), fc.integer(), fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 4 })),
    { maxKeys: 5 },
  );
  const resources = fc
    .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.stringMatching(/^[a-z]{1,3}$/), data), {
      selector: ([t, n]) => `${t}.${n}`,
      maxLength: 8,
    })
    .map((all) => all.map(([t, n, d]) => resource(`${t}.${n}`, d)));

  test('nothing differs from itself, whatever the order', () => {
    fc.assert(
      fc.property(resources, (all) => {
        expect(diffResources(all, [...all].reverse())).toEqual([]);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('every resource of either side is accounted for exactly once', () => {
    fc.assert(
      fc.property(resources, resources, (base, head) => {
        const deltas = diffResources(base, head);
        const seen = deltas.flatMap((d) => [d.base, d.head].filter((r) => r !== undefined));
        expect(new Set(seen).size).toBe(seen.length);
        for (const d of deltas)
          expect([d.base !== undefined, d.head !== undefined]).toEqual([
            d.kind !== 'added',
            d.kind !== 'removed',
          ]);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  test('a thousand rules on both sides end quickly and completely', () => {
    const rules = (from: number) =>
      Array.from({ length: 1000 }, (_, i) => ({ id: from + i, cidr: `10.0.${i % 250}.0/24` }));
    const [delta] = diffResources(
      [resource('x.y', { rules: rules(0) })],
      [resource('x.y', { rules: rules(5000) })],
    );
    expect(delta?.changes.length).toBeGreaterThan(900);
  });
});
