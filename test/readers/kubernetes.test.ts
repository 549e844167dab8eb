import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../src/core/limits.ts';
import { reader } from '../../src/core/readers/kubernetes.ts';
import { at, get } from '../../src/core/values/value.ts';
import { arrows, expectHardened, find, meaning, readTexts, shown } from '../support/readings.ts';

const DEPLOYMENT = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: front
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop, tier: web}
    spec:
      serviceAccountName: shop
      imagePullSecrets: [{name: registry}]
      initContainers:
        - name: wait
          image: wait:1
          command: [sh, -c, "until nc -z cart:7070; do sleep 1; done"]
      containers:
        - name: web
          image: shop:1.2
          envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: keys}}]
          env:
            - {name: CART_ADDR, value: "cart:7070"}
            - {name: PAY_URL, value: "https://pay.front.svc.cluster.local/v1"}
            - {name: SEARCH_HOST, value: search}
            - {name: MODE, value: cart}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: token, key: t}}
      volumes:
        - {name: a, configMap: {name: settings}}
        - {name: b, secret: {secretName: keys}}
        - {name: c, persistentVolumeClaim: {claimName: data}}
`;
const SERVICES = ['cart', 'pay', 'search']
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: front, labels: {scrape: "yes"}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`,
  )
  .join('');
const manifest = (kind: string, name: string, rest: string, version = 'x/v1'): string =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: front}\n${rest}\n`;
const SHOP_SERVICE = manifest('Service', 'shop', 'spec: {selector: {app: shop}, ports: [{port: 80}]}', 'v1');
const read = (texts: Readonly<Record<string, string>> | string) =>
  readTexts(reader, typeof texts === 'string' ? { 'k8s/a.yaml': texts } : texts);

/** References of one manifest that stands beside the shop and its Service. */
const linked = (kind: string, rest: string): readonly string[] =>
  arrows(
    find(
      read({
        'k8s/a.yaml': DEPLOYMENT,
        'k8s/b.yaml': SHOP_SERVICE,
        'k8s/c.yaml': manifest(kind, 'it', rest),
      }),
      `${kind}/front/it`,
    ),
  );

describe('manifests', () => {
  test('every document is a resource with its own lines; the directory is the scope', () => {
    const reading = read({ 'k8s/a.yaml': DEPLOYMENT, 'k8s/b.yaml': SERVICES });
    expect(reading.doubts).toEqual([]);
    expect(
      reading.resources.map((r) => [
        r.address,
        r.type,
        r.name,
        r.scope,
        r.file,
        r.span.startLine,
        r.span.endLine,
      ]),
    ).toEqual([
      ['Deployment/front/shop', 'Deployment', 'shop', 'k8s', 'k8s/a.yaml', 2, 33],
      ['Service/front/cart', 'Service', 'cart', 'k8s', 'k8s/b.yaml', 2, 5],
      ['Service/front/pay', 'Service', 'pay', 'k8s', 'k8s/b.yaml', 7, 10],
      ['Service/front/search', 'Service', 'search', 'k8s', 'k8s/b.yaml', 12, 15],
    ]);
  });

  test('values are the document as it is', () => {
    const { values } = find(read(SHOP_SERVICE), 'Service/front/shop');
    expect(shown(values)).toBe(
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"shop","namespace":"front"},"spec":{"ports":[{"port":80}],"selector":{"app":"shop"}}}',
    );
  });

  test('names: without namespace, generated, and none at all', () => {
    const text =
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: pi-}\n---\napiVersion: x/v1\nkind: Settings\n';
    expect(read(text).resources.map((r) => r.address)).toEqual([
      'Namespace/-/n',
      'Job/-/pi-*',
      'Settings/-/a',
    ]);
  });

  test('lists are taken apart', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  data: |\n    x\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n';
    expect(read(list).resources.map((r) => [r.address, r.span])).toEqual([
      ['Secret/-/a', { startLine: 4, endLine: 8 }],
      ['Secret/-/b', { startLine: 9, endLine: 11 }],
    ]);
    expect(
      read('apiVersion: x/v1\nkind: AllowList\nmetadata: {name: l}\nspec: {items: 1}\n').resources,
    ).toHaveLength(1);
  });

  test('JSON manifests are read like YAML ones', () => {
    const json = '{\n  "apiVersion": "v1",\n  "kind": "Secret",\n  "metadata": {"name": "s"}\n}\n';
    expect(read({ 'k8s/a.json': json }).resources).toMatchObject([
      { address: 'Secret/-/s', span: { startLine: 1, endLine: 5 } },
    ]);
    expect(meaning(read({ 'a.json': json }))).toEqual(meaning(read({ 'a.yaml': json })));
  });

  test('two documents of one address are both kept', () => {
    expect(
      read({ 'k8s/a.yaml': SHOP_SERVICE, 'k8s/b.yaml': SHOP_SERVICE }).resources.map((r) => r.file),
    ).toEqual(['k8s/a.yaml', 'k8s/b.yaml']);
  });

  test('a patch is no workload of its own', () => {
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {hostNetwork: true, containers: [{name: web}]}}}\n';
    expect(read(patch).resources).toMatchObject([{ address: 'Deployment/-/shop', type: 'KustomizePatch' }]);
    expect(
      read('apiVersion: v1\nkind: Service\nmetadata: {name: x}\n$patch: delete\n').resources[0]?.type,
    ).toBe('KustomizePatch');
    expect(read(DEPLOYMENT).resources[0]?.type).toBe('Deployment');
  });
});

describe('references', () => {
  test('a workload mentions what it runs as, mounts, and talks to', () => {
    const pod = 'spec.template.spec';
    expect(
      arrows(find(read({ 'k8s/a.yaml': DEPLOYMENT, 'k8s/b.yaml': SERVICES }), 'Deployment/front/shop')),
    ).toEqual([
      `${pod}.serviceAccountName → ServiceAccount/front/shop`,
      `${pod}.imagePullSecrets.name → Secret/front/registry`,
      `${pod}.volumes.configMap.name → ConfigMap/front/settings`,
      `${pod}.volumes.secret.secretName → Secret/front/keys`,
      `${pod}.volumes.persistentVolumeClaim.claimName → PersistentVolumeClaim/front/data`,
      `${pod}.containers.env.valueFrom.secretKeyRef.name → Secret/front/token`,
      `${pod}.containers.envFrom.configMapRef.name → ConfigMap/front/settings`,
      `${pod}.containers.envFrom.secretRef.name → Secret/front/keys`,
      // Not MODE=cart: a word that happens to be a Service's name is no host.
      `${pod}.containers.env.value → Service/front/cart`,
      `${pod}.containers.env.value → Service/front/pay`,
      `${pod}.containers.env.value → Service/front/search`,
      `${pod}.initContainers.command → Service/front/cart`,
    ]);
  });

  test.each([
    ['Service', 'spec: {selector: {app: shop}, ports: []}', ['spec.selector → Deployment/front/shop']],
    ['Service', 'spec: {selector: {app: shop, tier: db}}', []],
    ['Service', 'spec: {selector: {}}', []],
    ['NetworkPolicy', 'spec: {podSelector: {}}', ['spec.podSelector → Deployment/front/shop']],
    [
      'NetworkPolicy',
      'spec: {podSelector: {matchLabels: {app: other}}, ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, operator: In, values: [web]}]}}]}]}',
      ['spec.ingress.from.podSelector → Deployment/front/shop'],
    ],
    [
      'NetworkPolicy',
      'spec: {podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}}',
      [],
    ],
    [
      'Ingress',
      'spec: {rules: [{http: {paths: [{backend: {service: {name: shop}}}]}}]}',
      ['spec.rules.http.paths.backend.service.name → Service/front/shop'],
    ],
    [
      'HTTPRoute',
      'spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: shop}]}]}',
      ['spec.parentRefs → Gateway/front/gw', 'spec.rules.backendRefs → Service/front/shop'],
    ],
    [
      'VirtualService',
      'spec: {gateways: [gw], http: [{route: [{destination: {host: shop.front.svc.cluster.local}}]}]}',
      ['spec.gateways → Gateway/front/gw', 'spec.http.route.destination.host → Service/front/shop'],
    ],
    [
      'RoleBinding',
      'roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: shop, namespace: front}, {kind: Group, name: all}]',
      ['roleRef → Role/front/r', 'subjects → ServiceAccount/front/shop'],
    ],
    ['ClusterRoleBinding', 'roleRef: {kind: ClusterRole, name: admin}', ['roleRef → ClusterRole/-/admin']],
    [
      'HorizontalPodAutoscaler',
      'spec: {scaleTargetRef: {kind: Deployment, name: shop}}',
      ['spec.scaleTargetRef → Deployment/front/shop'],
    ],
    [
      'ConfigMap',
      'data: {nginx.conf: "upstream x { server shop.front:8080; }"}',
      ['data.nginx.conf → Service/front/shop'],
    ],
  ])('%s %s', (kind, rest, expected) => {
    expect(linked(kind, rest)).toEqual(expected);
  });

  test('namespaces keep apart, and a manifest without one goes with any', () => {
    const other = SHOP_SERVICE.replace('namespace: front', 'namespace: back');
    expect(find(read({ 'a.yaml': DEPLOYMENT, 'b.yaml': other }), 'Service/back/shop').references).toEqual([]);
    const none = SHOP_SERVICE.replace(', namespace: front', '');
    expect(arrows(find(read({ 'a.yaml': DEPLOYMENT, 'b.yaml': none }), 'Service/-/shop'))).toEqual([
      'spec.selector → Deployment/front/shop',
    ]);
  });

  test('a domain is no Service, even if it begins like one', () => {
    const text = DEPLOYMENT.replace('value: "cart:7070"', 'value: "https://cart.com/"').replace(
      'cart:7070;',
      'x;',
    );
    const { references } = find(read({ 'a.yaml': text, 'b.yaml': SERVICES }), 'Deployment/front/shop');
    expect(references.map((r) => r.to)).not.toContain('Service/front/cart');
  });
});

describe('recognition', () => {
  const claims = (text: string, path = 'a.yaml'): boolean => reader.recognises({ path, text });
  test('no spelling hides a manifest', () => {
    for (const text of [
      'apiVersion: v1\nkind: Pod\n',
      '  apiVersion: v1\n  kind: Pod\n',
      '"apiVersion": v1\n\'kind\': Pod\n',
      '{apiVersion: v1, kind: Pod}',
      '{"apiVersion": "v1", "kind": "Pod"}',
      '? apiVersion\n: v1\n? kind\n: Pod\n',
      '!!str apiVersion: v1\n&k kind: Pod\n',
      '"\\x61piVersion": v1\n"\\u006bind": Pod\n',
      '--- {apiVersion: v1, kind: Pod}\n',
      'a: 1\n---\n# c\n\napiVersion : v1\nkind : Pod\n',
      '%YAML 1.2\n---\napiVersion: v1\nkind: Pod\n',
      '\uFEFFapiVersion: v1\r\nkind: Pod\r\n',
    ])
      expect([text, claims(text)]).toEqual([text, true]);
  });

  test('other files are left alone', () => {
    for (const text of [
      'kind: Pod\n',
      'a:\n  apiVersion: v1\n  kind: Pod\n',
      '# apiVersion: v1\n# kind: Pod\n',
      'x: |\n  apiVersion: v1\n  kind: Pod\n',
      '',
    ])
      expect([text, claims(text)]).toEqual([text, false]);
  });

  test('tools that look like manifests configure no cluster', () => {
    expect(read('apiVersion: skaffold/v4\nkind: Config\n').resources).toEqual([]);
    expect(read('apiVersion: v1\nkind: Config\nclusters: []\n').resources).toEqual([]);
  });
});

describe('templates', () => {
  test('a Helm template that is no YAML is left to rendering, one that is YAML is read', () => {
    const helm = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
    expect(reader.recognises({ path: 'chart/templates/a.yaml', text: helm })).toBe(false);
    const quoted = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: "{{ .Values.name }}"\n';
    expect(read({ 'chart/templates/a.yaml': quoted }).resources.map((r) => r.address)).toEqual([
      'Service/-/{{ .Values.name }}',
    ]);
  });

  test('a word of Helm in a comment does not hide a manifest', () => {
    expect(
      reader.recognises({ path: 'a.yaml', text: '# {{ .Values.x }}\napiVersion: v1\nkind: Pod\n' }),
    ).toBe(true);
  });

  test('Mustache is read with its placeholders, and says so', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{name}}\nspec:\n{{#public}}\n  type: LoadBalancer\n{{/public}}\n  ports: [{port: 80}]\n';
    const reading = read({ 'k8s/a.mustache.yaml': text });
    expect(reading.doubts).toMatchObject([
      { code: 'template-not-rendered', weight: 'note', line: 4, column: 9 },
    ]);
    const { address, values } = find(reading, 'Service/-/{{name}}');
    expect(address).toBe('Service/-/{{name}}');
    expect(at(values, 'metadata', 'name')).toMatchObject({ kind: 'expression', references: ['name'] });
    expect(get(get(values, 'spec'), 'type')).toMatchObject({ value: 'LoadBalancer', line: 7 });
  });
});

describe('broken and hostile manifests', () => {
  test('a bad document is a doubt, the others are kept', () => {
    const { resources, doubts } = read({
      'k8s/a.yaml': DEPLOYMENT,
      'k8s/b.yaml': `${SHOP_SERVICE}---\nkind: Secret\napiVersion: v1\ndata:\n\t- x\n`,
    });
    expect(doubts[0]).toMatchObject({ code: 'parse-error', file: 'k8s/b.yaml', line: 9 });
    expect(resources.map((r) => r.address)).toEqual(
      expect.arrayContaining(['Deployment/front/shop', 'Service/front/shop']),
    );
  });

  test('selectors that select everything are bounded and told', () => {
    const pods = Array.from(
      { length: 700 },
      (_, i) => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}}\nspec: {containers: [{image: x}]}\n`,
    ).join('');
    const policies = Array.from(
      { length: 700 },
      (_, i) =>
        `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n${i}}\nspec: {podSelector: {}}\n`,
    ).join('');
    const { resources, doubts } = read({ 'a.yaml': pods, 'b.yaml': policies });
    expect(resources.reduce((sum, r) => sum + r.references.length, 0)).toBeLessThanOrEqual(LIMITS.nodes);
    expect(doubts).toMatchObject([{ code: 'parse-limit' }]);
  });

  test('hostile texts', () => {
    expectHardened(reader, 'a.yaml', (t) => `apiVersion: v1\nkind: Pod\nspec:\n  containers: ${t}\n`);
  });

  test('manifests of any shape', () => {
    const shape = fc.constantFrom(
      'x',
      '~',
      '[]',
      '{}',
      '[x]',
      '{name: x}',
      '[{name: [a]}]',
      '{name: {a: b}}',
      '{spec: {containers: x}}',
      '{template: {spec: {containers: [x]}}}',
      '{selector: [a], podSelector: x}',
      '{containers: [{env: x, command: {a: b}}]}',
      '{labels: [x]}',
      '{__proto__: x, constructor: y}',
      '{rules: [{http: [{paths: x}]}]}',
    );
    const kinds = fc.constantFrom(
      'Pod',
      'Deployment',
      'Service',
      'NetworkPolicy',
      'Ingress',
      'RoleBinding',
      'ConfigMap',
      'List',
      'Gateway',
      '[x]',
      '{a: b}',
      'constructor',
    );
    fc.assert(
      fc.property(kinds, shape, shape, shape, (kind, metadata, spec, items) => {
        const text = `apiVersion: v1\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\nitems: ${items}\nsubjects: ${spec}\ndata: ${items}\n`;
        expect(reader.read([{ path: 'a.yaml', text }]).doubts).toEqual([]);
      }),
      { seed: 13, numRuns: 600 },
    );
  });

  test('order of documents and keys, comments, quotes and line ends change nothing', () => {
    const documents = [DEPLOYMENT, ...SERVICES.split('---\n').slice(1), SHOP_SERVICE];
    const reordered = [...documents].reverse().map((d) => {
      const [head = '', ...tail] = d.replace('# the shop\n', '').split(/^(?=\w)/m);
      return [...tail, head].join('').replaceAll('app: shop', '"app": \'shop\'').replaceAll('\n', ' # c\r\n');
    });
    expect(meaning(read(reordered.join('---\r\n')))).toEqual(meaning(read(documents.join('---\n'))));
  });
});
