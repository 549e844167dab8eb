import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reader } from '../../src/core/readers/compose.ts';
import { get, items } from '../../src/core/values/value.ts';
import { arrows, expectHardened, find, meaning, readTexts, shown } from '../support/readings.ts';

const TEXT = `include: [../shared/compose.yml, {path: other.yml}]
x-common: &common
  restart: always
  environment: &env
    LOG: debug
services:
  # the shop
  shop:
    <<: *common
    build: .
    ports: ["127.0.0.1:8080:80", 9000, "6060:6060/udp", "\${PORT:-7000}:70", "[::1]:1:2"]
    depends_on: [db]
    networks: [front]
    environment:
      <<: *env
      DB_HOST: db
      CACHE: redis://user:pw@cache:6379/0
      WORD: cache
      COUNT: 1
    volumes:
      - ./src:/app:ro
      - data:/data
      - /anonymous
      - \${HOME}/x:/x
    secrets: [key]
    links: ["cache:c"]
  db:
    image: postgres:\${TAG}
    environment: [A=1, B, "C=x=y"]
    network_mode: service:cache
  cache:
    image: redis
    extends: {file: base.yml, service: redis}
networks:
  front: {internal: true}
volumes:
  data:
secrets:
  key: {file: ./key.txt}
`;
const read = (text: string, path = 'docker-compose.yml') => readTexts(reader, { [path]: text });
const service = (body: string) => find(read(`services:\n  a:\n    image: x\n${body}`), 'service/a').values;

describe('resources', () => {
  test('services and everything else that has a name', () => {
    const reading = read(TEXT);
    expect(reading.doubts).toEqual([]);
    expect(reading.resources.map((r) => [r.address, r.type, r.span.startLine, r.span.endLine])).toEqual([
      ['service/shop', 'compose-service', 8, 26],
      ['service/db', 'compose-service', 27, 30],
      ['service/cache', 'compose-service', 31, 33],
      ['network/front', 'compose-network', 35, 35],
      ['volume/data', 'compose-volume', 37, 37],
      ['secret/key', 'compose-secret', 39, 39],
      ['include/../shared/compose.yml', 'compose-include', 1, 1],
      ['include/other.yml', 'compose-include', 1, 1],
    ]);
  });

  test('references', () => {
    const reading = read(TEXT);
    expect(arrows(find(reading, 'service/shop'))).toEqual([
      'depends_on → service/db',
      'networks → network/front',
      'links → service/cache',
      'volumes.source → volume/data',
      'secrets.source → secret/key',
      'environment.DB_HOST → service/db',
      'environment.CACHE → service/cache',
    ]);
    expect(arrows(find(reading, 'service/db'))).toEqual(['network_mode → service/cache']);
    expect(arrows(find(reading, 'service/cache'))).toEqual(['extends → base.yml#redis']);
  });

  test('merged anchors are part of the service', () => {
    const { values } = find(read(TEXT), 'service/shop');
    expect(shown(get(values, 'restart'))).toBe('"always"');
    expect(shown(get(get(values, 'environment'), 'LOG'))).toBe('"debug"');
  });
});

describe('one way to write it', () => {
  test('ports', () => {
    expect(items(get(find(read(TEXT), 'service/shop').values, 'ports')).map((p) => shown(p))).toEqual([
      '{"host_ip":"127.0.0.1","protocol":"tcp","published":"8080","target":"80"}',
      '{"host_ip":"0.0.0.0","protocol":"tcp","published":"","target":"9000"}',
      '{"host_ip":"0.0.0.0","protocol":"udp","published":"6060","target":"6060"}',
      '{"host_ip":"0.0.0.0","protocol":"tcp","published":"7000","target":"70"}',
      '{"host_ip":"::1","protocol":"tcp","published":"1","target":"2"}',
    ]);
  });

  test.each([
    ['ports: ["8080:80"]', 'ports: [{published: 8080, target: "80"}]'],
    [
      'ports: ["127.0.0.1:8080:80/tcp"]',
      'ports: [{host_ip: 127.0.0.1, published: "8080", target: 80, protocol: tcp}]',
    ],
    ['environment: [A=1, B, C=]', 'environment: {A: 1, B: null, C: ""}'],
    ['volumes: [data:/d]', 'volumes: [{type: volume, source: data, target: /d}]'],
    ['volumes: [./a:/d:ro]', 'volumes: [{type: bind, source: ./a, target: /d, read_only: true}]'],
    ['depends_on: [b]', 'depends_on: {b: {condition: service_started}}'],
    ['networks: [n]', 'networks: {n: }'],
    ['build: ./x', 'build: {context: ./x}'],
    ['secrets: [s]', 'secrets: [{source: s}]'],
    ['environment: {A: "$$x"}', 'environment: ["A=$$x"]'],
  ])('%s', (short, long) => {
    expect(shown(service(`    ${short}\n`))).toBe(shown(service(`    ${long}\n`)));
  });

  test('leaving out the address opens to every address, and shows', () => {
    expect(shown(service('    ports: ["80:80"]\n'))).not.toBe(
      shown(service('    ports: ["127.0.0.1:80:80"]\n')),
    );
  });

  test('a Windows path keeps its drive', () => {
    expect(shown(items(get(service("    volumes: ['C:\\x:/y:ro']\n"), 'volumes'))[0])).toBe(
      '{"mode":"ro","source":"C:\\\\x","target":"/y","type":"bind"}',
    );
  });
});

describe('variables', () => {
  test.each([
    ['${A:-b}', 'b'],
    ['${A-b}-c', 'b-c'],
    ['$$A', '$A'],
    ['x', 'x'],
  ])('%s comes to %s', (written, expected) => {
    expect(shown(get(service(`    command: "${written}"\n`), 'command'))).toBe(JSON.stringify(expected));
  });

  test.each(['$A', '${A}', '${A:?must be set}', '${A:-x}$B'])('%s stays open', (written) => {
    const command = get(service(`    command: "${written}"\n`), 'command');
    expect(command).toMatchObject({ kind: 'expression', text: written });
    expect(command).not.toHaveProperty('resolved');
  });

  test('names are references', () => {
    expect(get(service('    command: $A-${B:-c}\n'), 'command')).toMatchObject({ references: ['A', 'B'] });
  });
});

describe('recognition', () => {
  const claims = (text: string, path: string): boolean => reader.recognises({ path, text });
  test('by name, or by services that are made of something', () => {
    expect(claims('services: {}\n', 'compose.prod.yaml')).toBe(true);
    expect(claims('services:\n  a: {image: x}\n', 'deploy/stack.yml')).toBe(true);
    expect(claims('  services:\n    a:\n      build: .\n', 'deploy/stack.yml')).toBe(true);
    expect(claims('services:\n  a: {port: 80}\n', 'deploy/values.yml')).toBe(false);
    expect(claims('services: [a]\njobs: {}\n', 'ci.yml')).toBe(false);
    expect(claims('apiVersion: v1\nkind: X\nservices: {a: {image: x}}\n', 'a.yml')).toBe(false);
    expect(claims('a: 1\n', 'compose.yml')).toBe(false);
  });

  test('Mustache is read with its placeholders, and says so', () => {
    const text =
      'services:\n  web:\n    image: {{image}}\n{{#debug}}\n    privileged: true\n{{/debug}}\n    ports: ["{{port}}:80"]\n';
    const reading = read(text, 'templates/docker-compose.mustache.yaml');
    expect(reading.doubts).toMatchObject([{ code: 'template-not-rendered', weight: 'note' }]);
    const { values } = find(reading, 'service/web');
    expect(get(values, 'image')).toMatchObject({ kind: 'expression', text: '{{image}}' });
    expect(get(values, 'privileged')).toMatchObject({ value: true, line: 5 });
    expect(get(items(get(values, 'ports'))[0], 'published')).toMatchObject({ value: '{{port}}' });
  });
});

describe('broken and hostile files', () => {
  test('an error is a doubt with its place, other services are kept', () => {
    const { resources, doubts } = read(TEXT.replace('depends_on: [db]', 'depends_on: [db'));
    expect(doubts[0]).toMatchObject({ code: 'parse-error', file: 'docker-compose.yml' });
    expect(resources.map((r) => r.address)).toContain('service/shop');
  });

  test('hostile texts', () => {
    expectHardened(reader, 'compose.yml', (t) => `services:\n  a:\n    image: x\n    environment: ${t}\n`);
  });

  test('short forms without end', () => {
    const command = '${A:-'.repeat(20_000);
    const port = ':'.repeat(90_000);
    const { values } = find(
      read(
        `services:\n  a:\n    command: "${command}"\n    ports: ["${port}"]\n    volumes: ["${'a'.repeat(300_000)}"]\n`,
      ),
      'service/a',
    );
    expect(get(values, 'command')).toMatchObject({ value: command });
    expect(shown(get(items(get(values, 'ports'))[0], 'published'))).toBe('""');
    expect(shown(get(items(get(values, 'volumes'))[0], 'target'))).toHaveLength(300_002);
  });

  test('settings of any shape', () => {
    const shape = fc.constantFrom(
      'x',
      '~',
      '[]',
      '{}',
      '[[a]]',
      '[{a: b}]',
      '{a: [b]}',
      '[~, 1, true]',
      '"::"',
      '["a:b:c:d:e"]',
      '[{source: [x], type: {}}]',
      '"${A:-${B}}"',
      '{file: [a], service: {}}',
      '[{published: {a: b}}]',
      '{__proto__: {image: x}}',
    );
    const key = fc.constantFrom(
      'ports',
      'volumes',
      'environment',
      'depends_on',
      'networks',
      'secrets',
      'configs',
      'build',
      'extends',
      'links',
      'command',
      'labels',
      'network_mode',
    );
    fc.assert(
      fc.property(key, shape, shape, (name, a, b) => {
        const text = `services:\n  s:\n    image: x\n    ${name}: ${a}\n  t: ${b}\nnetworks: ${a}\ninclude: ${b}\n`;
        expect(reader.read([{ path: 'compose.yml', text }]).doubts).toEqual([]);
      }),
      { seed: 19, numRuns: 600 },
    );
  });

  test('variables that an `.env` beside the file sets', () => {
    const env = 'HOST=store # the store\nexport URL="tcp://${HOST}:1"\nRAW=\'$HOST\'\nLOST=${NOWHERE}\n';
    const text =
      'services:\n  a:\n    environment: [HOST, OTHER, "U=${URL}", "R=${RAW}", "L=${LOST}", "D=${NONE:-d}", "S=${HOST:+set}"]\n  store: {image: redis}\n';
    const both = readTexts(reader, { 'x/compose.yml': text, 'x/.env': env });
    const value = (name: string): string =>
      shown(get(get(find(both, 'service/a').values, 'environment'), name));
    expect([value('HOST'), value('U'), value('R'), value('D'), value('S')]).toEqual([
      shown(
        get(
          get(
            find(
              readTexts(reader, { 'compose.yml': 'services: {a: {environment: {V: store}}}' }),
              'service/a',
            ).values,
            'environment',
          ),
          'V',
        ),
      ),
      ...['tcp://store:1', '$HOST', 'd', 'set'].map((v) => JSON.stringify(v)),
    ]);
    expect(arrows(find(both, 'service/a'))).toContain('environment.HOST → service/store');
    expect(both.resources.map((r) => r.address)).toEqual(['service/a', 'service/store']);
    const alone = readTexts(reader, { 'x/compose.yml': text });
    expect(arrows(find(alone, 'service/a'))).toEqual([]);
  });

  test('comments, order of keys, indentation and line ends change nothing', () => {
    const [head = '', tail = ''] = TEXT.split(/^(?=networks:)/m);
    const other = (tail + head)
      .replace('  # the shop\n', '')
      .replaceAll(/^( *)(depends_on|build|restart)/gm, '$1# c\n$1$2')
      .replaceAll('\n', '\r\n');
    expect(other.startsWith('networks')).toBe(true);
    expect(meaning(read(other))).toEqual(meaning(read(TEXT)));
  });
});
