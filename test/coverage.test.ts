import { expect, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { coverFacts } from '../src/core/coverage/cover.ts';
import { compareNames, namesOf } from '../src/core/coverage/names.ts';
import type { Coverage, FactCoverage } from '../src/core/model/coverage.ts';
import type { Fact } from '../src/core/model/fact.ts';
import type { ModelDelta } from '../src/core/model/model-delta.ts';
import type { Policy } from '../src/core/model/policy.ts';
import type { DemandKind } from '../src/core/model/requirement.ts';
import type { ResourceRef, ThreatModel } from '../src/core/model/threat-model.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import { namesResource, spellings, wholes } from '../src/core/values/address.ts';
import { isCatchAll, matchesWildcard } from '../src/core/values/wildcard.ts';
import { fact } from './support/facts.ts';
import { boundary, component, delta, explicit, flow, model, node, threat } from './support/models.ts';

interface Case {
  readonly head?: Partial<ThreatModel>;
  readonly base?: Partial<ThreatModel>;
  readonly delta?: ModelDelta;
  readonly demand?: DemandKind;
  readonly policy?: Partial<Policy['matching']>;
}

function coverAll(facts: readonly Fact[], c: Case): Coverage {
  return coverFacts(
    facts.map((f) => ({ fact: f.id, kind: c.demand ?? 'present' })),
    facts,
    [model(c.head)],
    [model(c.base)],
    c.delta ?? delta(),
    { ...BUILT_IN_POLICY, matching: { ...BUILT_IN_POLICY.matching, ...c.policy } },
  );
}

function cover(subject: Fact, c: Case): FactCoverage {
  const found = coverAll([subject], c).facts[0];
  if (!found) throw new Error('no coverage');
  return found;
}

/** `state element name basis` in short. */
function short({ state, by: [best] }: FactCoverage): string {
  return best ? `${state} ${best.element} ${best.name} ${best.basis}` : state;
}

const logs = fact('aws_s3_bucket.logs', {
  scope: 'infra/prod',
  element: 'data-store',
  family: 'object-storage',
});
const explicitlyTo = (...refs: readonly string[]): Partial<ThreatModel> => ({
  components: [component('Archive', { refs: explicit(...refs) })],
});

describe('what is new must be new in the model', () => {
  const head = explicitlyTo('aws_s3_bucket.logs');

  test('covered when the element is part of the delta', () => {
    const found = cover(logs, { head, demand: 'new', delta: delta('added component Archive') });
    expect(found).toEqual({
      fact: logs.id,
      demand: 'new',
      state: 'covered',
      by: [
        {
          model: 'docs/threat-model.md',
          element: 'component',
          key: 'Archive',
          name: 'Archive',
          file: 'docs/threat-model.md',
          line: 7,
          basis: 'explicit-reference',
          score: 1,
          inDelta: true,
          through: 'aws_s3_bucket.logs',
        },
      ],
      reason: 'component “Archive” is about it, by its reference `aws_s3_bucket.logs`.',
    });
  });

  test('stale when the model did not change about it', () => {
    expect(short(cover(logs, { head, demand: 'new' }))).toBe('stale component Archive explicit-reference');
    expect(short(cover(logs, { head, demand: 'new', delta: delta('added component Other') }))).toBe(
      'stale component Archive explicit-reference',
    );
  });

  test('present is enough for what is not new', () => {
    expect(short(cover(logs, { head }))).toBe('covered component Archive explicit-reference');
  });

  test('uncovered when nothing is about it', () => {
    expect(cover(logs, { head: explicitlyTo('aws_s3_bucket.other'), demand: 'new' })).toMatchObject({
      state: 'uncovered',
      by: [],
    });
  });

  test('an element of the delta wins over a better match that did not change', () => {
    const both = {
      components: [component('Archive', { refs: explicit('aws_s3_bucket.logs') }), component('Logs')],
    };
    expect(short(cover(fact('aws_s3_bucket.audit_trail'), { head: both }))).toBe('uncovered');
    const audit = fact('aws_s3_bucket.audit_trail', { element: 'data-store' });
    const head = {
      components: [
        component('Archive', { refs: explicit('aws_s3_bucket.audit_trail') }),
        component('Audit trail'),
      ],
    };
    expect(short(cover(audit, { head }))).toBe('covered component Archive explicit-reference');
    expect(short(cover(audit, { head, demand: 'new', delta: delta('added component Audit trail') }))).toBe(
      'covered component Audit trail name-similarity',
    );
  });

  test('a flow or threat added to a known component says something new about it', () => {
    const known = explicitlyTo('aws_s3_bucket.logs');
    const more = {
      ...known,
      flows: [flow('Archive', 'Partner')],
      threats: [threat('Leak', { targets: ['Archive'] })],
    };
    expect(
      cover(logs, { head: more, demand: 'new', delta: delta('added flow Archive to Partner') }).by[0],
    ).toMatchObject({
      element: 'flow',
      basis: 'explicit-reference',
      through: 'Archive',
    });
    expect(short(cover(logs, { head: more, demand: 'new', delta: delta('added threat Leak') }))).toBe(
      'covered threat Leak explicit-reference',
    );
    expect(
      short(cover(logs, { head: more, demand: 'new', delta: delta('added component Partner') })),
    ).toMatch(/^stale/);
  });
});

describe('explicit references', () => {
  test.each<readonly [string, boolean]>([
    ['aws_s3_bucket.logs', true],
    ['infra/prod/aws_s3_bucket.logs', true],
    ['infra/dev/aws_s3_bucket.logs', false],
    ['aws_s3_bucket.*', true],
    ['infra/*/aws_s3_bucket.l?gs', true],
    ['aws_s3_bucket.log', false],
    ['logs', false],
    ['aws_s3_bucket.LOGS', false],
    ['*.logs', true],
  ])('%s: %s', (ref, matches) => {
    expect(cover(logs, { head: explicitlyTo(ref), policy: { names: false } }).state).toBe(
      matches ? 'covered' : 'uncovered',
    );
  });

  test.each<readonly [Partial<Fact> & { readonly address: string }, string, boolean]>([
    [{ address: 'Deployment/prod/api', stack: 'kubernetes' }, 'Deployment/api', true],
    [{ address: 'Deployment/prod/api', stack: 'kubernetes' }, 'Deployment/prod/api', true],
    [{ address: 'Deployment/prod/api', stack: 'kubernetes' }, 'Deployment/dev/api', false],
    [{ address: 'Deployment/prod/api', stack: 'kubernetes' }, 'Service/api', false],
    [{ address: 'AWS::S3::Bucket Logs', stack: 'cloudformation' }, 'AWS::S3::Bucket Logs', true],
    [{ address: 'AWS::S3::Bucket Logs', stack: 'cloudformation' }, 'AWS::S3::Bucket *', true],
    [{ address: 'service/api', stack: 'compose', scope: 'compose.yml' }, 'compose.yml/service/api', true],
    [{ address: 'aws_instance.web[0]' }, 'aws_instance.web[0]', true],
    [{ address: 'aws_instance.web[0]' }, 'aws_instance.web', true],
    [{ address: 'aws_instance.web["a"]' }, 'aws_instance.web[0]', false],
    [{ address: 'npm:stripe', stack: 'packages' }, 'npm:stripe', true],
    [
      { address: 'job release.publish', stack: 'github-actions', file: '.github/workflows/release.yml' },
      '.github/workflows/release.yml',
      true,
    ],
    [
      { address: 'job release.publish', stack: 'github-actions', file: '.github/workflows/release.yml' },
      '.github/workflows/*.yml',
      true,
    ],
    [{ address: 'aws_s3_bucket.a', file: 'infra/main.tf' }, 'infra/main.tf', false],
    [
      { address: 'payments src/pay', kind: 'path-touched', stack: 'path-rules', file: 'src/pay/card.ts' },
      'src/pay/card.ts',
      true,
    ],
  ])('%j by %s: %s', ({ address, ...over }, ref, matches) => {
    const found = cover(fact(address, over), { head: explicitlyTo(ref), policy: { names: false } });
    expect(found.state).toBe(matches ? 'covered' : 'uncovered');
  });

  test('of a threat, a flow, a boundary, a vendor and a data asset', () => {
    const refs = explicit('aws_s3_bucket.logs');
    for (const head of [
      { threats: [threat('Leak', { refs })] },
      { flows: [flow('a', 'b', { refs })] },
      { boundaries: [boundary('Zone', { refs })] },
      { vendors: [node('Vendor', { refs })] },
      { dataAssets: [node('Asset', { refs })] },
    ])
      expect(short(cover(logs, { head }))).toMatch(/^covered .* explicit-reference$/);
  });

  test('a placeholder of a tool says nothing', () => {
    const refs = explicit('aws_s3_bucket.logs');
    expect(
      cover(logs, { head: { threats: [threat('New threat', { refs, origin: 'template-placeholder' })] } })
        .state,
    ).toBe('uncovered');
  });
});

describe('references that are too broad are refused and told', () => {
  const queue = fact('aws_sqs_queue.orders');
  const role = fact('aws_iam_role.deploy');
  const facts = [fact('aws_s3_bucket.assets'), queue, role];

  test.each(['*', '**', '*.*', '?*', 'aws_*', '*_*', 'module.*', '*/*', '[a-z]*', '{*}'])('%s', (ref) => {
    const found = coverAll(facts, { head: { threats: [threat('Anything', { refs: explicit(ref) })] } });
    expect(found.facts.map((f) => f.state)).toEqual(['uncovered', 'uncovered', 'uncovered']);
    expect(found.refused).toMatchObject([{ element: 'threat', name: 'Anything', reference: ref, line: 7 }]);
    expect(found.refused[0]?.reason).toContain('It names no resource in particular');
  });

  test('one that names something, but matches everything there is', () => {
    const prod = ['Deployment/prod/a', 'Service/prod/b', 'Secret/prod/c'].map((a) =>
      fact(a, { stack: 'kubernetes', type: a.split('/')[0] ?? '' }),
    );
    const found = coverAll(prod, { head: explicitlyTo('*/prod/*') });
    expect(found.facts.every((f) => f.state === 'uncovered')).toBe(true);
    expect(found.refused[0]?.reason).toContain('matches every address in this change');
    expect(coverAll([...prod, queue], { head: explicitlyTo('*/prod/*') }).refused).toEqual([]);
  });

  test('all of one type may be meant', () => {
    const buckets = ['a', 'b', 'c'].map((n) => fact(`aws_s3_bucket.${n}`));
    const found = coverAll(buckets, { head: explicitlyTo('aws_s3_bucket.*') });
    expect(found.facts.every((f) => f.state === 'covered')).toBe(true);
    expect(found.refused).toEqual([]);
  });
});

describe('mapping of the policy', () => {
  const head = { components: [component('Ledger  Database')], flows: [] };
  test('by name, whatever its case and white space', () => {
    const map = [{ resource: 'infra/prod/aws_db_instance.*', element: 'ledger database' }];
    const main = fact('aws_db_instance.main', { scope: 'infra/prod' });
    expect(cover(main, { head, policy: { map } })).toMatchObject({
      state: 'covered',
      by: [{ basis: 'policy-mapping', through: 'infra/prod/aws_db_instance.*' }],
    });
    expect(cover(fact('aws_db_instance.main', { scope: 'infra/dev' }), { head, policy: { map } }).state).toBe(
      'uncovered',
    );
    expect(
      cover(main, {
        head,
        policy: { map: [{ ...map[0], resource: 'aws_db_instance.*', element: 'ledger' }] },
      }).state,
    ).toBe('uncovered');
  });

  test('yields to an explicit reference', () => {
    const map = [{ resource: 'aws_s3_bucket.logs', element: 'Archive' }];
    expect(short(cover(logs, { head: explicitlyTo('aws_s3_bucket.logs'), policy: { map } }))).toContain(
      'explicit-reference',
    );
  });
});

describe('native addresses', () => {
  const by = (ref: ResourceRef): Partial<ThreatModel> => ({
    components: [component('Thing', { refs: [ref] })],
  });
  const off = { names: false };

  test('id, name, tag and code span', () => {
    for (const head of [
      { components: [component('aws_s3_bucket.logs')] },
      { components: [component('Thing', { nativeId: 'aws_s3_bucket.logs' })] },
      { components: [component('Thing', { tags: ['aws_s3_bucket.logs'] })] },
      by({ kind: 'address', value: 'aws_s3_bucket.logs', from: 'text' }),
    ])
      expect(short(cover(logs, { head, policy: off }))).toMatch(/^covered component .* native-address$/);
  });

  test('a star in running text is no pattern', () => {
    expect(
      cover(logs, { head: by({ kind: 'address', value: 'aws_s3_bucket.*', from: 'text' }), policy: off })
        .state,
    ).toBe('uncovered');
  });

  test.each<readonly [ResourceRef['kind'], string, Fact, boolean]>([
    ['arn', 'arn:aws:s3:::logs', logs, true],
    ['arn', 'arn:aws:sqs:eu-west-1:1:logs', logs, false],
    ['arn', 'arn:aws:s3:::other', logs, false],
    [
      'arn',
      'arn:aws:lambda:eu-west-1:1:function:resize-image',
      fact('aws_lambda_function.resize_image'),
      true,
    ],
    [
      'url',
      'https://api.example.net/v1?key=*',
      fact('aws_lambda_function.x', { after: 'api.example.net' }),
      true,
    ],
    ['url', 'https://example.net@evil.test/', fact('aws_lambda_function.x', { after: 'example.net' }), false],
    ['url', 'https://api.example.net', fact('aws_lambda_function.x', { after: 'www.example.net' }), false],
    [
      'image',
      'ghcr.io/org/app:1.2',
      fact('Deployment/prod/x', { signals: ['image-changed'], after: 'ghcr.io/org/app@sha256:0' }),
      true,
    ],
    [
      'image',
      'ghcr.io/org/other:1.2',
      fact('Deployment/prod/x', { signals: ['image-changed'], after: 'ghcr.io/org/app:2' }),
      false,
    ],
    ['vendor', 'npm:stripe', fact('npm:stripe', { stack: 'packages' }), true],
  ])('%s %s', (kind, value, subject, matches) => {
    for (const from of ['explicit', 'text'] as const)
      expect(cover(subject, { head: by({ kind, value, from }), policy: off }).state).toBe(
        matches ? 'covered' : 'uncovered',
      );
  });

  test('a part is described with its whole, by the same name', () => {
    const head = explicitlyTo('aws_s3_bucket.logs');
    const part = (address: string) =>
      short(cover(fact(address, { scope: 'infra/prod' }), { head, policy: off }));
    expect(part('aws_s3_bucket_policy.logs')).toBe('covered component Archive native-address');
    expect(part('aws_s3_bucket_public_access_block.logs')).toBe('covered component Archive native-address');
    expect(part('aws_s3_bucket_policy.other')).toBe('uncovered');
    expect(part('aws_s3_access_point.logs')).toBe('uncovered');
  });

  test('what a change reaches counts for a change, not for something new', () => {
    const group = fact('aws_security_group.db', { reaches: ['aws_db_instance.ledger'] });
    const head = { components: [component('Ledger', { refs: explicit('aws_db_instance.ledger') })] };
    expect(short(cover(group, { head, policy: off }))).toBe('covered component Ledger native-address');
    expect(
      cover(group, { head, policy: off, demand: 'new', delta: delta('added component Ledger') }).state,
    ).toBe('uncovered');
  });
});

describe('likeness of names', () => {
  const score = (subject: Fact, head: Partial<ThreatModel>): number =>
    cover(subject, { head, policy: { threshold: 0.5 } }).by[0]?.score ?? 0;
  const called = (name: string, kind?: 'process' | 'data-store' | 'external-entity') => ({
    components: [component(name, kind ? { kind } : {})],
  });

  test.each<readonly [string, string]>([
    ['aws_s3_bucket.order_archive', 'Order archive'],
    ['aws_s3_bucket.order-archive', 'OrderArchive'],
    ['aws_s3_bucket.orderArchive', 'Orders archive bucket'],
    ['aws_sqs_queue.invoices', 'Invoice queue'],
    ['aws_lambda_function.resize_images', 'Image resizer (resize images)'],
    ['aws_ecs_service.checkout_api', 'Checkout service'],
    ['Deployment/prod/cartservice', 'cartservice'],
    ['AWS::DynamoDB::Table LedgerEntries', 'Ledger entries table'],
    ['npm:@sendgrid/mail', 'SendGrid'],
    ['maven:com.stripe:stripe-java', 'Stripe'],
    ['go:github.com/stripe/stripe-go/v76', 'Stripe'],
    ['module.billing', 'Billing'],
    ['POST /v1/refunds', 'Refunds endpoint v1 refunds'],
  ])('%s is “%s”', (address, name) => {
    const stack = address.includes('::')
      ? 'cloudformation'
      : address.startsWith('Deployment')
        ? 'kubernetes'
        : 'terraform';
    expect(score(fact(address, { stack }), called(name))).toBeGreaterThanOrEqual(0.8);
  });

  test.each<readonly [string, string]>([
    ['aws_lambda_function.main', 'Main'],
    ['aws_ecs_service.api', 'API'],
    ['aws_s3_bucket.this', 'This'],
    ['Deployment/prod/web', 'Web frontend'],
    ['aws_api_gateway_rest_api.api', 'API gateway'],
    ['aws_s3_bucket.orders_archive', 'Orders'],
    ['aws_sqs_queue.order_events', 'Order commands'],
    ['aws_sqs_queue.user_uploads', 'User downloads'],
    ['aws_s3_bucket.eu_customer_exports', 'US partner exports'],
    ['aws_db_instance.default', 'Default database'],
    ['aws_s3_bucket.data', 'Data bucket'],
    ['aws_s3_bucket.x', 'X'],
    ['npm:left-pad', 'Right pad'],
  ])('%s is not “%s”', (address, name) => {
    expect(score(fact(address), called(name))).toBeLessThan(0.8);
  });

  test('a store is no process, a queue no topic of the same name', () => {
    const store = fact('aws_s3_bucket.orders', { element: 'data-store' });
    expect(score(store, called('Orders', 'data-store'))).toBe(1);
    expect(score(store, called('Orders'))).toBe(1);
    expect(score(store, called('Orders', 'process'))).toBe(0.75);
    expect(score(fact('aws_sqs_queue.orders'), called('Orders topic'))).toBe(0.75);
    expect(
      score(fact('aws_sqs_queue.orders', { element: 'data-store' }), called('Orders queue', 'process')),
    ).toBe(1);
  });

  test('agreement of the kind helps only where nothing else speaks against it', () => {
    expect(score(fact('aws_sqs_queue.eu_ledger_export_daily'), called('Ledger export queue'))).toBe(0.86);
    expect(score(fact('aws_sqs_queue.ledger_export'), called('Ledger export'))).toBe(1);
    expect(score(fact('aws_sqs_queue.ledger_export_daily'), called('Ledger export weekly queue'))).toBe(0.67);
  });

  test('vendors, flows and boundaries by what they are', () => {
    const stripe = fact('npm:stripe', { stack: 'packages', categories: ['external-dependency'] });
    expect(short(cover(stripe, { head: { vendors: [node('Stripe')] } }))).toBe(
      'covered vendor Stripe name-similarity',
    );
    expect(short(cover(stripe, { head: called('Stripe', 'external-entity') }))).toBe(
      'covered component Stripe name-similarity',
    );
    expect(cover(stripe, { head: { boundaries: [boundary('Stripe')] } }).state).toBe('uncovered');
    const host = fact('aws_lambda_function.pay', {
      categories: ['external-dependency', 'data-flow'],
      after: 'api.stripe.com',
    });
    expect(short(cover(host, { head: { vendors: [node('Stripe')] } }))).toBe(
      'covered vendor Stripe name-similarity',
    );
    const subscription = fact('aws_sns_topic_subscription.orders_to_billing', { categories: ['data-flow'] });
    const ends = {
      components: [component('Orders'), component('Billing')],
      flows: [flow('Orders', 'Billing', { name: 'events' })],
    };
    expect(short(cover(subscription, { head: ends }))).toBe('covered flow events name-similarity');
    const group = fact('aws_security_group.ledger', { family: 'network', categories: ['exposure'] });
    expect(short(cover(group, { head: { boundaries: [boundary('Ledger network')] } }))).toBe(
      'covered boundary Ledger network name-similarity',
    );
  });

  test('a threat is found by the component that its row names, not by its prose', () => {
    const queue = fact('aws_sqs_queue.invoices');
    expect(cover(queue, { head: { threats: [threat('Invoices')] } }).state).toBe('uncovered');
    expect(
      short(
        cover(queue, { head: { threats: [threat('Replay', { unresolvedTargets: ['Invoice queue'] })] } }),
      ),
    ).toBe('covered threat Replay name-similarity');
  });

  test('the threshold counts, and likeness can be switched off', () => {
    const subject = fact('aws_sqs_queue.ledger_export_daily_eu');
    const head = called('Ledger export');
    expect(cover(subject, { head, policy: { threshold: 0.75 } }).state).toBe('covered');
    expect(cover(subject, { head, policy: { threshold: 0.8 } }).state).toBe('uncovered');
    expect(cover(subject, { head, policy: { threshold: 0.5, names: false } }).state).toBe('uncovered');
  });

  test('likeness is symmetric and greatest for equal names', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        (a, b) => {
          const [first] = namesOf(a);
          const [second] = namesOf(b);
          if (!first || !second) throw new Error('a name has at least one reading');
          expect(compareNames(first, second)).toEqual(compareNames(second, first));
          expect([0, 1]).toContain(compareNames(first, first).score);
          expect(compareNames(first, second).score).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('what is gone', () => {
  const gone = fact('aws_s3_bucket.logs', {
    kind: 'resource-removed',
    categories: ['removed-component'],
    signals: ['resource-removed'],
    element: 'data-store',
    side: 'base',
  });
  const still = { components: [component('Archive', { refs: explicit('aws_s3_bucket.logs') })] };
  const removed = (c: Case) => cover(gone, { ...c, demand: 'removed' });

  test('still described as before: stale', () => {
    expect(short(removed({ head: still, base: still }))).toBe('stale component Archive explicit-reference');
  });
  test('described otherwise: covered', () => {
    expect(short(removed({ head: still, base: still, delta: delta('changed component Archive') }))).toBe(
      'covered component Archive explicit-reference',
    );
  });
  test('taken out of the model: covered by that', () => {
    const found = removed({ base: still, delta: delta('removed component Archive') });
    expect(found).toMatchObject({
      state: 'covered',
      by: [{ name: 'Archive', inDelta: true }],
      reason: 'component “Archive” was taken out of the model.',
    });
  });
  test('never mentioned: nothing to do', () => {
    expect(removed({})).toMatchObject({ state: 'covered', by: [] });
  });
  test('a pattern, a namesake of another kind and what hangs on it oblige nobody', () => {
    expect(
      removed({ head: { components: [component('Archive', { refs: explicit('aws_s3_bucket.*') })] } }).state,
    ).toBe('covered');
    expect(removed({ head: { components: [component('Log shipper')] } }).state).toBe('covered');
    expect(
      removed({
        head: {
          threats: [
            threat('Leak', { refs: [{ kind: 'address', value: 'aws_s3_bucket.logs', from: 'text' }] }),
          ],
        },
      }).state,
    ).toBe('covered');
    const ledger = { ...gone, id: 'l', address: 'aws_s3_bucket.ledger' };
    expect(
      cover(ledger, { demand: 'removed', head: { components: [component('Ledger', { kind: 'process' })] } })
        .state,
    ).toBe('covered');
    expect(
      cover(ledger, {
        demand: 'removed',
        head: { components: [component('Ledger', { kind: 'data-store' })] },
      }).state,
    ).toBe('stale');
  });
  test('a threat that names the address itself must change too', () => {
    expect(
      removed({ head: { threats: [threat('Leak', { refs: explicit('aws_s3_bucket.logs') })] } }).state,
    ).toBe('stale');
  });
});

describe('changes of the model that the change does not explain', () => {
  const head = {
    components: [component('Archive', { refs: explicit('aws_s3_bucket.logs') }), component('Kiosk')],
    flows: [flow('Archive', 'Kiosk')],
    threats: [
      threat('Leak', { targets: ['Archive'] }),
      threat('Graffiti', { targets: ['Kiosk'] }),
      threat('Replay', { targets: ['Archive to Kiosk'] }),
    ],
  };
  test('are those that no fact has to do with', () => {
    const all = delta(
      'added component Archive',
      'added component Kiosk',
      'added flow Archive to Kiosk',
      'added threat Leak',
      'added threat Graffiti',
      'added threat Replay',
    );
    expect(coverAll([logs], { head, delta: all }).unexplained.map((u) => u.name)).toEqual([
      'Kiosk',
      'Graffiti',
    ]);
  });
  test('a fact that demands nothing explains as well', () => {
    const found = coverFacts(
      [],
      [{ ...logs, deciding: false }],
      [model(head)],
      [],
      delta('added component Archive'),
      BUILT_IN_POLICY,
    );
    expect(found).toEqual({ facts: [], unexplained: [], refused: [] });
  });
  test('a removed element is compared with what was there', () => {
    const c = { base: head, delta: delta('removed component Archive', 'removed component Kiosk') };
    expect(coverAll([logs], c).unexplained.map((u) => u.name)).toEqual(['Kiosk']);
  });
});

describe('addresses', () => {
  test('spellings', () => {
    expect(spellings(fact('aws_instance.web[0]', { scope: 'infra' }))).toEqual([
      'aws_instance.web[0]',
      'aws_instance.web',
      'infra/aws_instance.web[0]',
      'infra/aws_instance.web',
    ]);
    expect(wholes('module.net.aws_lb_listener_rule.api')).toEqual([
      'module.net.aws_lb_listener.api',
      'module.net.aws_lb.api',
    ]);
    expect(wholes('Deployment/prod/api')).toEqual([]);
    expect(wholes('_'.repeat(100_000))).toEqual([]);
    expect(namesResource('infra/aws_*.web', fact('aws_instance.web'))).toBe(true);
  });

  test('wildcards agree with a plain definition', () => {
    const plain = (pattern: string, text: string): boolean =>
      new RegExp(
        `^${pattern
          .split(/(?:)/)
          .map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : c))
          .join('')}$`,
      ).test(text);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }),
        (pattern, text) => {
          expect(matchesWildcard(pattern.join(''), text.join(''))).toBe(
            plain(pattern.join(''), text.join('')),
          );
        },
      ),
      { seed: 5, numRuns: 2_000 },
    );
  });

  test('a hostile pattern takes no time to speak of', () => {
    expect(matchesWildcard('*a'.repeat(150), 'a'.repeat(100_000) + 'b')).toBe(false);
  });

  test('what is too broad', () => {
    for (const broad of ['*', 'aws_*', '*.*', '**/*', 'google_?*', 'npm:*', 'service/*'])
      expect(isCatchAll(broad)).toBe(true);
    for (const fine of [
      'aws_s3_bucket.*',
      '*.logs',
      'service/cart*',
      'npm:@aws-sdk/*',
      'aws_s3_bucket.logs',
      'a.b',
    ])
      expect(isCatchAll(fine)).toBe(false);
  });
});

describe('properties', () => {
  const names = ['Orders', 'Orders queue', 'Ledger', 'api', '__proto__', 'Orders to Ledger', ''];
  const addresses = [
    'aws_sqs_queue.orders',
    'aws_db_instance.ledger',
    'aws_iam_role.orders',
    'Deployment/prod/api',
    'npm:stripe',
    '__proto__',
    'constructor.x',
    '',
  ];
  const someRef = fc
    .constantFrom(...addresses, 'infra/aws_sqs_queue.orders', 'aws_sqs_queue.*', '*', '*.orders')
    .map((value): ResourceRef => ({ kind: 'address', value, from: 'explicit' }));
  const someFacts = fc
    .uniqueArray(
      fc.record({
        address: fc.constantFrom(...addresses),
        scope: fc.constantFrom('', 'infra'),
        kind: fc.constantFrom('process', 'data-store'),
      }),
      { selector: (f) => `${f.scope} ${f.address}`, maxLength: 6 },
    )
    .map((list) =>
      list.map(({ address, scope, kind }) => fact(address, { scope, element: kind as 'process' })),
    );
  const someModel = fc
    .record({
      components: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.array(someRef, { maxLength: 2 })), {
        selector: ([n]) => n,
        maxLength: 4,
      }),
      flows: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 2 }),
      threats: fc.array(fc.tuple(fc.constantFrom(...names), fc.array(someRef, { maxLength: 2 })), {
        maxLength: 2,
      }),
    })
    .map((m) =>
      model({
        components: m.components.map(([n, refs]) => component(n, { refs })),
        flows: m.flows.map(([a, b], i) => flow(a, b, { key: `flow ${i}` })),
        threats: m.threats.map(([target, refs], i) => threat(`threat ${i}`, { refs, targets: [target] })),
      }),
    );
  const someDelta = fc
    .subarray(names)
    .map((list) => delta(...list.map((n) => `added component ${n}` as const)));
  const someDemand = fc.constantFrom<DemandKind>('new', 'present', 'removed');
  const run = (
    facts: readonly Fact[],
    kind: DemandKind,
    head: readonly ThreatModel[],
    base: readonly ThreatModel[],
    d: ModelDelta,
  ) =>
    coverFacts(
      facts.map((f) => ({ fact: f.id, kind })),
      facts,
      head,
      base,
      d,
      BUILT_IN_POLICY,
    );

  test('the order of facts and models does not matter', () => {
    fc.assert(
      fc.property(someFacts, someDemand, someModel, someModel, someDelta, (facts, kind, a, b, d) => {
        const other = { ...b, file: 'docs/other.md' };
        expect(run([...facts].reverse(), kind, [other, a], [a], d)).toEqual(
          run(facts, kind, [a, other], [a], d),
        );
      }),
      { seed: 21, numRuns: 150 },
    );
  });

  test('adding a reference never uncovers', () => {
    fc.assert(
      fc.property(
        someFacts,
        fc.constantFrom<DemandKind>('new', 'present'),
        someModel,
        someDelta,
        fc.nat(3),
        someRef,
        (facts, kind, m, d, at, ref) => {
          const before = run(facts, kind, [m], [], d);
          const richer = {
            ...m,
            components: m.components.map((c, i) => (i === at ? { ...c, refs: [...c.refs, ref] } : c)),
          };
          const after = run(facts, kind, [richer], [], d);
          const covered = (c: Coverage) => c.facts.filter((f) => f.state === 'covered').map((f) => f.fact);
          expect(covered(after)).toEqual(expect.arrayContaining(covered(before)));
        },
      ),
      { seed: 22, numRuns: 300 },
    );
  });

  test('every demand gets one answer, scores are bounded, states fit', () => {
    fc.assert(
      fc.property(someFacts, someDemand, someModel, someModel, someDelta, (facts, kind, head, base, d) => {
        const found = run(facts, kind, [head], [base], d);
        expect(found.facts.map((f) => f.fact)).toEqual(facts.map((f) => f.id).sort());
        for (const f of found.facts) {
          expect(f.reason).not.toBe('');
          expect(f.by.length).toBeLessThanOrEqual(5);
          if (f.state === 'uncovered') expect(f.by).toEqual([]);
          if (f.state === 'stale') expect(f.by.some((b) => b.inDelta)).toBe(false);
          if (f.state === 'covered' && kind === 'new') expect(f.by[0]?.inDelta).toBe(true);
          for (const b of f.by) {
            expect(b.score).toBe(Math.round(b.score * 100) / 100);
            expect(b.basis === 'name-similarity' ? b.score >= 0.8 && b.score <= 1 : b.score === 1).toBe(true);
          }
        }
      }),
      { seed: 23, numRuns: 300 },
    );
  });

  test('thousands of like-named elements and facts are compared within bounds', () => {
    const many = 1_500;
    const head = model({
      components: Array.from({ length: many }, (_, i) =>
        component(`orders ledger ${i} invoice`, {
          key: `c${i}`,
          refs: explicit(`*x${i}yz*`, 'aws_sqs_queue.same'),
        }),
      ),
      threats: Array.from({ length: many }, (_, i) => threat(`t${i}`, { targets: [`c${i % 3}`] })),
    });
    const facts = Array.from({ length: many }, (_, i) =>
      fact(`aws_sqs_queue.orders_ledger_invoice_${i}_${'x'.repeat(150)}`),
    );
    const found = run(facts, 'present', [head], [head], delta());
    expect(found.facts).toHaveLength(many);
    expect(found.refused.length).toBeGreaterThan(0);
    expect(found.refused.length).toBeLessThanOrEqual(50);
  }, 60_000);
});
