import { describe, expect, test } from '@jest/globals';
import { detector as components } from '../../src/core/detectors/components.ts';
import { detector as encryption } from '../../src/core/detectors/encryption.ts';
import { detector as exposure } from '../../src/core/detectors/exposure.ts';
import { detector as hosts } from '../../src/core/detectors/external-hosts.ts';
import { detector as privilege } from '../../src/core/detectors/privilege.ts';
import { detector as protection } from '../../src/core/detectors/protection.ts';
import { detector as reachability } from '../../src/core/detectors/reachability.ts';
import { reader as compose } from '../../src/core/readers/compose.ts';
import { reader as kustomize } from '../../src/core/readers/kustomize.ts';
import { brief, detectChange } from '../support/changes.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

describe('definitions of kinds', () => {
  const definition = (schema: string): string =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: users.acme.example}\nspec:\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          properties:\n            ${schema}\n`;
  test('the schema of a kind sets nothing', () => {
    const head = definition('{tls: {type: object}, sudo: {type: string}, cidrBlocks: {type: array}}');
    for (const detector of [encryption, privilege, exposure])
      expect(bothWays(detector, 'kubernetes', definition('{}'), head)).toEqual([[], []]);
  });

  const webhook = (path: string, versions: string, failure = 'Fail'): string =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks:\n  - name: a.acme.example\n    failurePolicy: ${failure}\n    clientConfig: {service: {name: s, namespace: n, path: ${path}}}\n    rules: [{apiVersions: [${versions}], resources: [users]}]\n`;
  test('another version of the kind in a webhook is no other protection', () => {
    const base = webhook('/v1', 'v1');
    expect(briefOf(protection, 'kubernetes', base, webhook('/v2', 'v2'))).toEqual([]);
    expect(briefOf(protection, 'kubernetes', base, webhook('/v1', 'v1', 'Ignore'))).toEqual([
      'protection/weakened ValidatingWebhookConfiguration/-/w *',
    ]);
  });
});

test('a kustomization puts together; only what it makes is a component', () => {
  const file = (text: string): Record<string, string> => ({ 'k/kustomization.yaml': text });
  const facts = detectChange(kustomize, components, {}, file('resources: [a.yaml]\n'));
  expect(brief(facts)).toEqual([]);
});

describe('documents within a configuration', () => {
  const map = (key: string, text: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  ${key}: '${text}'\n`;
  test('a link in a page is listed, an address in settings or of a provider decides', () => {
    const link = '{"links": [{"url": "https://docs.vendor-pages.com/a"}]}';
    expect(briefOf(hosts, 'kubernetes', map('board.json', '{}'), map('board.json', link))).toEqual([
      'external-hosts/added ConfigMap/-/c',
    ]);
    expect(
      briefOf(
        hosts,
        'kubernetes',
        map('app.yaml', 'a: 1'),
        map('app.yaml', 'url: https://docs.vendor-pages.com/a'),
      ),
    ).toEqual(['external-hosts/added ConfigMap/-/c *']);
    expect(
      briefOf(
        hosts,
        'kubernetes',
        map('app.json', '{}'),
        map('app.json', '{"url": "https://api.stripe.com/v1"}'),
      ),
    ).toEqual(['external-hosts/added ConfigMap/-/c *']);
  });
});

describe('Compose', () => {
  const service = (more: string): string => `services:\n  api:\n    image: acme/api\n${more}`;
  const changes = (detector: Parameters<typeof briefOf>[0], base: string, head: string): readonly string[] =>
    briefOf(detector, 'compose', service(base), service(head));

  test('a layer over a service is no new service', () => {
    const base = { 'compose.yml': service('') };
    const layer = {
      'compose.more.yml': 'services:\n  api:\n    environment: {A: b}\n  worker:\n    image: acme/worker\n',
    };
    expect(brief(detectChange(compose, components, base, { ...base, ...layer }))).toEqual([
      'components/added service/worker *',
    ]);
    expect(brief(detectChange(compose, components, { ...base, ...layer }, base))).toEqual([
      'components/removed service/worker *',
    ]);
  });

  test('a user: root by any name is root, and nothing written is the image’s own', () => {
    expect(changes(privilege, '', '    user: "0:0"\n')).toEqual(['privilege/raised service/api *']);
    expect(changes(privilege, '', '    user: "1000"\n')).toEqual(['privilege/lowered service/api *']);
    expect(changes(privilege, '    user: root\n', '    user: "0"\n')).toEqual([]);
  });

  test('ports: what is published counts, the port inside does not', () => {
    expect(changes(exposure, '    ports: ["80:1"]\n', '    ports: ["80:2"]\n')).toEqual([]);
    expect(changes(exposure, '    ports: ["80:1"]\n', '    ports: ["81:1"]\n')).toEqual([
      'exposure/changed service/api *',
    ]);
  });

  test('a setting passed through from outside says nothing, and a proxy is no encryption', () => {
    expect(
      changes(encryption, '    environment: [A]\n', '    environment: [A, HTTPS_PROXY, USE_TLS]\n'),
    ).toEqual([]);
    expect(
      changes(encryption, '    environment: {A: b}\n', '    environment: {A: b, USE_TLS: "true"}\n'),
    ).toEqual(['encryption/strengthened service/api *']);
  });

  test('what a program calls does not become reachable with it', () => {
    const open = (env: string): string =>
      `services:\n  shop:\n    image: acme/shop\n    ports: ["80:80"]\n    environment:\n      STAGE: prod\n${env}  stock:\n    image: acme/stock\n`;
    expect(briefOf(reachability, 'compose', open(''), open('      STOCK_HOST: stock\n'))).toEqual([]);
  });

  test('what a new service depends on is a flow', () => {
    const facts = factsOf(components, 'compose', '', service('    depends_on: [db]\n'));
    expect(facts.map((f) => f.categories)).toEqual([['new-component', 'data-flow']]);
  });
});

test('a function of SAM brings its role, triggers and routes along', () => {
  const template = (properties: string): string =>
    `Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n${properties}`;
  const categories = (properties: string): readonly (readonly string[])[] =>
    factsOf(components, 'cloudformation', '', template(properties)).map((f) => f.categories);
  expect(categories('')).toEqual([['new-component']]);
  expect(categories('      Policies: [AmazonS3ReadOnlyAccess]\n')).toEqual([
    ['new-component', 'identity-access'],
  ]);
  expect(categories('      Events: {A: {Type: Api, Properties: {Path: /, Method: get}}}\n')).toEqual([
    ['new-component', 'exposure'],
  ]);
  expect(categories('      Events: {Q: {Type: SQS, Properties: {Queue: q}}}\n')).toEqual([
    ['new-component', 'data-flow'],
  ]);
});
