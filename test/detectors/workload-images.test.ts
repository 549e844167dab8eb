import { describe, expect, test } from '@jest/globals';
import { detector as components } from '../../src/core/detectors/components.ts';
import { detector } from '../../src/core/detectors/workload-images.ts';
import { briefOf, factsOf } from '../support/stacks.ts';

const service = (image: string, more = ''): string => `services:\n  cart:\n    image: ${image}\n${more}`;
const pod = (...images: readonly string[]): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n      containers:\n${images
    .map((image, i) => `        - {name: c${i}, image: ${image}}\n`)
    .join('')}`;
const compose = (base: string, head: string): readonly string[] => briefOf(detector, 'compose', base, head);
const kubernetes = (base: string, head: string): readonly string[] =>
  briefOf(detector, 'kubernetes', base, head);

describe('replaced', () => {
  test('another product of another publisher decides, and a store is said to be one', () => {
    const [fact] = factsOf(detector, 'compose', service('redis:7'), service('valkey/valkey:7'));
    expect(fact).toMatchObject({
      rule: 'workload-images/replaced',
      deciding: true,
      before: 'redis',
      after: 'valkey/valkey',
    });
    expect(fact?.categories).toEqual(['data-store', 'external-dependency']);
    expect(fact?.statement).toBe('`service/cart` runs `valkey/valkey` instead of `redis`');
  });

  test('twin: another registry, a variant, another name of the same owner are listed', () => {
    const moved = ['workload-images/source-changed service/cart'];
    expect(compose(service('quay.io/acme/relay:1'), service('acme/relay:1'))).toEqual(moved);
    expect(compose(service('otel/collector:1'), service('otel/collector-contrib:1'))).toEqual(moved);
    expect(compose(service('acme/basket:1'), service('acme/cart:1'))).toEqual(moved);
  });

  test('twin: another version or digest, a variable, an image that is built here', () => {
    expect(compose(service('redis:7'), service('redis:8@sha256:0'))).toEqual([]);
    expect(compose(service('redis:7'), service('${IMAGE}'))).toEqual([]);
    const built = '    build: .\n';
    expect(compose(service('acme/x:1', built), service('other/y:1', built))).toEqual([]);
  });
});

describe('containers of a pod', () => {
  test('one more and one less decide', () => {
    expect(kubernetes(pod('acme/api:1'), pod('acme/api:1', 'envoyproxy/envoy:1'))).toEqual([
      'workload-images/container-added Deployment/-/api *',
    ]);
    expect(kubernetes(pod('acme/api:1', 'envoyproxy/envoy:1'), pod('acme/api:1'))).toEqual([
      'workload-images/container-removed Deployment/-/api *',
    ]);
  });

  test('twin: in another order, one more of the same, a service that had no image', () => {
    expect(kubernetes(pod('acme/a:1', 'acme/b:1'), pod('acme/b:2', 'acme/a:1'))).toEqual([]);
    expect(kubernetes(pod('acme/a:1'), pod('acme/a:1', 'acme/a:1'))).toEqual([]);
    expect(compose('services:\n  cart: {command: a}\n', service('acme/cart:1'))).toEqual([]);
  });
});

describe('a workload is what it runs', () => {
  const added = (head: string, stack: string): readonly (readonly string[])[] =>
    factsOf(components, stack, '', head).map((f) => f.categories);
  test('a database image makes a data store, a collector a log', () => {
    expect(added(service('postgres:17'), 'compose')).toEqual([['new-component', 'data-store']]);
    expect(added(pod('docker.io/bitnami/postgresql:17'), 'kubernetes')).toEqual([
      ['new-component', 'data-store'],
    ]);
    expect(added(pod('otel/opentelemetry-collector-contrib:0.1'), 'kubernetes')).toEqual([
      ['new-component', 'data-flow', 'logging-monitoring'],
    ]);
  });

  test('twin: what only talks to one', () => {
    expect(added(service('acme/postgres-exporter:1'), 'compose')).toEqual([['new-component']]);
    expect(added(service('acme/kafka-ui:1'), 'compose')).toEqual([['new-component']]);
  });
});
