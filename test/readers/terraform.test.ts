import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../src/core/limits.ts';
import type { Value } from '../../src/core/model/value.ts';
import { reader } from '../../src/core/readers/terraform.ts';
import { canonical } from '../../src/core/values/canonical.ts';
import { at, items, text, texts } from '../../src/core/values/value.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { arrows, find, meaning, readTexts, shown } from '../support/readings.ts';

beforeAll(async () => {
  await loadParsers();
});

const folder = join(import.meta.dirname, '../../fixtures/readers/terraform/harbour');
const FIXTURE = Object.fromEntries(
  readdirSync(folder).map((name) => [`infra/${name}`, readFileSync(join(folder, name), 'utf8')]),
);
const harbour = (): ReturnType<typeof readTexts> => readTexts(reader, FIXTURE);
const read = (source: string, path = 'main.tf'): ReturnType<typeof readTexts> =>
  readTexts(reader, { [path]: source });

/** One attribute of `resource "t" "r"`, whose body is given, in a directory with further texts. */
function attribute(body: string, name: string, others: Readonly<Record<string, string>> = {}): Value {
  const reading = readTexts(reader, { 'r.tf': `resource "t" "r" {\n${body}\n}\n`, ...others });
  expect(reading.doubts).toEqual([]);
  const value = at(find(reading, 't.r').values, name);
  if (!value) throw new Error(`no ${name}`);
  return value;
}

/** What an expression comes to, or how it is written when that is not known. */
const result = (written: string, others = ''): string =>
  shown(attribute(`x = ${written}`, 'x', { 'o.tf': others }));

describe('which files', () => {
  test.each([
    ['a/main.tf', true],
    ['a/main.tf.json', true],
    ['main.tofu', true],
    ['main.tofu.json', true],
    ['x/prod.tfvars', true],
    ['prod.auto.tfvars.json', true],
    ['.terraform.lock.hcl', false],
    ['x.tftest.hcl', false],
    ['terraform.tfstate', false],
  ])('%s: %s', (path, ours) => {
    expect(reader.recognises({ path, text: '' })).toBe(ours);
  });
});

describe('a directory', () => {
  test('everything it declares, with type, name and lines', () => {
    const { resources, doubts } = harbour();
    expect(doubts).toEqual([]);
    expect(new Set(resources.map((r) => `${r.stack} ${r.scope}`))).toEqual(new Set(['terraform infra']));
    const rows = resources.map(
      (r) => `${r.address} | ${r.type} | ${r.name} | ${r.span.startLine}-${r.span.endLine}`,
    );
    expect(rows).toEqual([
      'required_provider.aws | required_provider | aws | 5-5',
      'required_provider.older | required_provider | older | 6-6',
      'backend.s3 | backend | s3 | 9-12',
      'provider.aws | provider | aws | 15-17',
      'provider.aws.audit | provider | aws.audit | 19-22',
      'local.name | local | name | 25-25',
      'local.internal | local | internal | 26-26',
      'local.doors | local | doors | 27-27',
      'local.tags | local | tags | 28-28',
      'aws_security_group.quay | aws_security_group | quay | 31-58',
      'aws_vpc.port | aws_vpc | port | 60-62',
      'data.aws_iam_policy_document.crew | aws_iam_policy_document | crew | 64-69',
      'aws_s3_bucket.cargo | aws_s3_bucket | cargo | 71-74',
      'aws_s3_bucket_policy.cargo | aws_s3_bucket_policy | cargo | 76-91',
      'module.lighthouse | module | lighthouse | 93-98',
      'output.door | output | door | 100-103',
      'infra/terraform.tfvars#stage | tfvar | stage | 1-1',
      'infra/terraform.tfvars#pier.lights.east | tfvar | pier.lights.east | 4-4',
      'infra/terraform.tfvars#pier.lights.west | tfvar | pier.lights.west | 4-4',
      'infra/terraform.tfvars#pier.crew | tfvar | pier.crew | 5-5',
      'var.region | variable | region | 1-4',
      'var.stage | variable | stage | 6-8',
      'var.guests | variable | guests | 10-13',
      'var.labels | variable | labels | 15-17',
      'var.berths | variable | berths | 19-25',
      'infra/zz.auto.tfvars.json#region | tfvar | region | 1-1',
    ]);
  });

  test('nested blocks are lists of maps; a dynamic block is written out when its elements are known', () => {
    const quay = find(harbour(), 'aws_security_group.quay').values;
    const ingress = items(at(quay, 'ingress'));
    expect(ingress.map((rule) => [text(at(rule, 'from_port')), texts(at(rule, 'cidr_blocks'))])).toEqual([
      ['443', ['10.20.0.0/16']],
      ['22', ['0.0.0.0/0']],
      ['8080', ['10.0.0.0/8']],
    ]);
    expect(ingress.map((rule) => at(rule, 'for_each') !== undefined)).toEqual([false, true, false]);
    expect(at(quay, 'lifecycle')?.kind).toBe('list');
    expect(shown(at(quay, 'lifecycle'), 'written')).toBe('[{"ignore_changes":[(tags.Owner)]}]');
  });

  test('what is unknown beside what is known does not hide it', () => {
    const quay = find(harbour(), 'aws_security_group.quay').values;
    expect(shown(at(items(at(quay, 'ingress'))[0], 'cidr_blocks'))).toBe('["10.20.0.0/16",(var.guests)]');
    expect(shown(at(quay, 'tags'))).toBe('{"$rest":(var.labels),"Service":"harbour-live"}');
  });

  test('variable values come from the files that are loaded unasked, the last one first', () => {
    expect(text(at(find(harbour(), 'provider.aws').values, 'region'))).toBe('eu-south-1');
    expect(text(at(find(harbour(), 'aws_security_group.quay').values, 'name'))).toBe('harbour-live-quay');
    expect(text(at(find(harbour(), 'aws_vpc.port').values, 'cidr_block'))).toBe('10.20.0.0/16');
  });

  test('a policy in a heredoc is a tree, with its lines', () => {
    const policy = at(find(harbour(), 'aws_s3_bucket_policy.cargo').values, 'policy');
    const statement = items(at(policy, 'Statement'))[0];
    expect(text(at(statement, 'Principal'))).toBe('*');
    expect(at(statement, 'Principal')?.line).toBe(83);
    expect(shown(at(statement, 'Condition'))).toBe('{"IpAddress":{"aws:SourceIp":["10.20.0.0/16"]}}');
    expect(at(statement, 'Resource')).toMatchObject({
      text: '"${aws_s3_bucket.cargo.arn}/*"',
      references: ['aws_s3_bucket.cargo'],
    });
  });

  test('who mentions whom, and where', () => {
    const reading = harbour();
    expect(arrows(find(reading, 'aws_security_group.quay'))).toEqual([
      'provider → provider.aws.audit',
      'name → local.name',
      'description → aws_vpc.port',
      'vpc_id → aws_vpc.port',
      'tags → local.tags',
      'ingress.cidr_blocks → local.doors',
      'ingress.for_each → var.berths',
    ]);
    expect(arrows(find(reading, 'module.lighthouse'))).toEqual([
      'providers.aws → provider.aws.audit',
      'providers.aws.home → provider.aws',
      'vpc → aws_vpc.port',
      'lamps → module.lamps',
    ]);
    expect(arrows(find(reading, 'data.aws_iam_policy_document.crew'))).toEqual([
      'statement.resources → aws_s3_bucket.cargo',
    ]);
    expect(arrows(find(reading, 'local.doors'))).toEqual(['value → local.internal', 'value → var.guests']);
    expect(arrows(find(reading, 'aws_s3_bucket.cargo'))).toEqual([
      'bucket → local.name',
      'depends_on → aws_vpc.port',
    ]);
    expect(arrows(find(reading, 'var.berths'))).toEqual([]);
  });

  test('moves are followed back, instances do not count', () => {
    expect(find(harbour(), 'aws_security_group.quay').movedFrom).toEqual([
      'aws_security_group.jetty',
      'aws_security_group.pier',
    ]);
    expect(find(harbour(), 'module.lighthouse').movedFrom).toEqual(['module.beacon']);
    expect(harbour().resources.filter((r) => r.movedFrom)).toHaveLength(2);
  });

  test('moves in a circle, and into a module, do no harm', () => {
    const moved = (from: string, to: string): string => `moved {\n  from = ${from}\n  to = ${to}\n}\n`;
    const source = `${moved('a.x', 'a.y')}${moved('a.y', 'a.x')}${moved('a.z', 'module.m.a.z')}resource "a" "x" {}\nmodule "m" {}\n`;
    expect(find(read(source), 'a.x').movedFrom).toEqual(['a.y']);
    expect(find(read(source), 'module.m').movedFrom).toBeUndefined();
  });

  test('an address that is declared twice is shown twice', () => {
    const { resources } = readTexts(reader, {
      'b.tf': 'resource "a" "x" {\n  open = true\n}\n',
      'a.tf': 'resource "a" "x" {}\nlocals {\n  l = 1\n  l = 2\n}\n',
    });
    expect(resources.map((r) => [r.address, r.file])).toEqual([
      ['a.x', 'a.tf'],
      ['local.l', 'a.tf'],
      ['local.l#2', 'a.tf'],
      ['a.x#2', 'b.tf'],
    ]);
  });

  test('other block types, settings of providers, and files in the root', () => {
    const { resources } = read(
      'ephemeral "t" "e" {}\ncheck "c" {\n  assert {}\n}\nimport {\n  to = a.b\n}\nterraform {\n  cloud {\n    organization = "o"\n  }\n}\nresource "lonely" {}\n',
    );
    expect(resources.map((r) => [r.address, r.type, r.scope])).toEqual([
      ['ephemeral.t.e', 't', ''],
      ['backend.cloud', 'backend', ''],
    ]);
  });

  test('labels of nested blocks are kept', () => {
    const value = attribute('provisioner "local-exec" {\n  command = "id"\n}', 'provisioner');
    expect(shown(value)).toBe('[{"$label":"local-exec","command":"id"}]');
  });
});

describe('what expressions come to', () => {
  test.each([
    ['"${var.x}"', '"v"'],
    ['var.x', '"v"'],
    ['"a-${var.x}-${local.n}"', '"a-v-3"'],
    ['"a-${t.other.id}"', '("a-${t.other.id}")'],
    ['var.o.k', '"kv"'],
    ['var.o["k"]', '"kv"'],
    ['var.o[var.key]', '"kv"'],
    ['local.list[1].z', '2'],
    ['local.list[*].z', '[1,2]'],
    ['local.list[9]', '(local.list[9])'],
    ['local.missing', '(local.missing)'],
    ['local.far', '"v"'],
    ['local.half', '(t.other.arn)'],
    ['concat(["a"], [var.x])', '["a","v"]'],
    ['toset(["a", "a", "b"])', '["a","b"]'],
    ['merge({ a = 1, b = 1 }, { b = 2 })', '{"a":1,"b":2}'],
    ['flatten([["a"], [["b"], var.x]])', '["a","b","v"]'],
    ['compact(["a", "", null])', '["a"]'],
    ['try(var.x, "other")', '"v"'],
    ['try(t.other.x, "other")', '(try(t.other.x, "other"))'],
    ['coalesce(null, "", var.x)', '"v"'],
    ['coalesce(t.other.x, "a")', '(coalesce(t.other.x, "a"))'],
    ['lookup(var.o, "no", "d")', '"d"'],
    ['join(",", ["a", var.x])', '"a,v"'],
    ['split(",", "a,b")', '["a","b"]'],
    ['format("%s-%d%%", var.x, 2)', '"v-2%"'],
    ['format("%05d", 2)', '(format("%05d", 2))'],
    ['concat([], local.list...)', '(concat([], local.list...))'],
    ['merge(local.list...)', '{"z":2}'],
    ['length(local.list)', '2'],
    ['length(concat(["a"], t.other.ids))', '(length(concat(["a"], t.other.ids)))'],
    ['element(["a", "b"], 3)', '"b"'],
    ['keys(var.o)', '["k"]'],
    ['contains(["a", "v"], var.x)', 'true'],
    ['jsonencode({ A = [var.x, t.other.arn] })', '{"A":["v",(t.other.arn)]}'],
    ['jsondecode("{\\"a\\": 1}")', '{"a":1}'],
    ['lower("ABC")', '"abc"'],
    ['file("x.json")', '(file("x.json"))'],
    ['unheard_of(1)', '(unheard_of(1))'],
    ['var.x == "v" ? "yes" : "no"', '"yes"'],
    ['t.other.on ? "yes" : "no"', '(t.other.on ? "yes" : "no")'],
    ['!(var.x == "v") || local.n > 2', 'true'],
    ['false && t.other.on', 'false'],
    ['var.none == null', 'true'],
    ['1 == "1"', '(1 == "1")'],
    ['60 * 24 - 1', '1439'],
    ['1 / 0', '(1 / 0)'],
    ['[for v in local.list : v.z]', '[1,2]'],
    ['[for i, v in local.list : "${i}${v.z}" if v.z > 1]', '["12"]'],
    ['{ for v in local.list : "n${v.z}" => v }', '{"n1":{"z":1},"n2":{"z":2}}'],
    ['[for v in t.other.all : v.id]', '([for v in t.other.all : v.id])'],
    ['{ (var.x) = 1, (t.other.k) = 2 }', '{"(t.other.k)":2,"v":1}'],
    ['"{\\"Principal\\":\\"*\\"}"', '{"Principal":"*"}'],
    ['"{not json}"', '"{not json}"'],
  ])('%s → %s', (written, expected) => {
    const names =
      'variable "x" {\n  default = "v"\n}\nvariable "key" {\n  default = "k"\n}\nvariable "none" {\n  default = null\n}\nvariable "o" {\n  default = { k = "kv" }\n}\n' +
      'locals {\n  n = 3\n  far = local.near\n  near = var.x\n  half = t.other.arn\n  list = [{ z = 1 }, { z = 2 }]\n}\n';
    expect(result(written, names)).toBe(expected);
  });

  test('what is written stays beside what it comes to', () => {
    const value = attribute('\n\nx = [ var.a ,  "${var.a}b" ]', 'x', {
      'o.tf': 'variable "a" {\n  default = "z"\n}\n',
    });
    expect(canonical(value, 'written')).toBe('[(var.a),("${var.a}b")]');
    expect(canonical(value, 'effective')).toBe('["z","zb"]');
    expect(items(value).map((item) => item.kind === 'expression' && [item.references, item.line])).toEqual([
      [['var.a'], 4],
      [['var.a'], 4],
    ]);
  });

  test('a value that comes from another file stands where it is mentioned', () => {
    const value = attribute('x = local.deep', 'x', {
      'o.tf': '\n\n\n\nlocals {\n\n  deep = {\n    a = ["b"]\n  }\n}\n',
    });
    const lines: number[] = [];
    const walk = (v: Value): void => {
      lines.push(v.line);
      if (v.kind === 'expression' && v.resolved) walk(v.resolved);
      if (v.kind === 'list') v.items.forEach(walk);
      if (v.kind === 'map')
        v.entries.forEach((e) => {
          lines.push(e.line);
          walk(e.value);
        });
    };
    walk(value);
    expect(new Set(lines)).toEqual(new Set([2]));
    expect(lines.length).toBeGreaterThan(4);
  });

  test('the written text of a policy does not tell what its references come to', () => {
    const policy = (value: string): Value =>
      attribute('x = <<E\n{"a": "${var.a}", "b": ${jsonencode(var.a)}}\nE', 'x', {
        'o.tf': `variable "a" {\n  default = "${value}"\n}\n`,
      });
    expect(canonical(policy('one'), 'written')).toBe(canonical(policy('two'), 'written'));
    expect(canonical(policy('one'), 'effective')).toBe('{"a":"one","b":"one"}');
  });

  test('dynamic blocks whose elements are not known stand for all they make', () => {
    const value = attribute(
      'dynamic "rule" {\n  for_each = var.rules\n  content {\n    cidr = rule.value\n    port = 22\n  }\n}',
      'rule',
    );
    expect(canonical(value, 'written')).toBe('[{"cidr":(rule.value),"for_each":(var.rules),"port":22}]');
  });

  test('a resource does not mention what is bound inside it, nor itself', () => {
    const { resources } = read(
      'resource "t" "r" {\n  a = [for s in t.o : s.id]\n  b = each.value.x + count.index + self.y.z\n  c = t.r.d\n  dynamic "e" {\n    for_each = t.p\n    iterator = it\n    content { f = it.value.g }\n  }\n  g = "%{ for u in t.q }${u.v}%{ endfor }"\n}\n',
    );
    expect(resources.map(arrows)).toEqual([['a → t.o', 'e.for_each → t.p', 'g → t.q']]);
  });

  test('overrides decide what a local and a default come to', () => {
    const reading = readTexts(reader, {
      'a_override.tf': 'locals {\n  l = "new"\n}\nvariable "v" {\n  default = "newer"\n}\n',
      'main.tf':
        'locals {\n  l = "old"\n}\nvariable "v" {\n  default = "older"\n}\noutput "o" {\n  value = "${local.l} ${var.v}"\n}\n',
    });
    expect(text(at(find(reading, 'output.o').values, 'value'))).toBe('new newer');
  });

  test('locals in a circle stay as written, whatever their order', () => {
    const lines = ['a = local.b', 'b = [local.a]', 'c = local.a', 'd = 1', 'e = local.d'];
    const shape = (order: readonly string[]): readonly string[] =>
      meaning(read(`locals {\n${order.join('\n')}\n}\n`));
    expect(shape(lines)).toEqual(shape(lines.toReversed()));
    expect(shown(find(read(`locals {\n${lines.join('\n')}\n}\n`), 'local.c').values)).toBe(
      '{"value":(local.a)}',
    );
  });
});

describe('JSON syntax', () => {
  const JSON_FILE = JSON.stringify(
    {
      '//': 'generated',
      terraform: {
        required_providers: { aws: { source: 'hashicorp/aws' } },
        backend: { gcs: { bucket: 'b' } },
      },
      provider: { aws: [{ region: 'eu' }, { alias: 'west', region: 'us' }] },
      variable: { cidr: { type: 'string', default: '${not.a.template}' } },
      locals: { open: '0.0.0.0/0' },
      resource: {
        aws_security_group: {
          api: {
            '//': 'note',
            provider: 'aws.west',
            depends_on: ['aws_vpc.v'],
            type: '${local.open}',
            ingress: [
              {
                cidr_blocks: ['${local.open}', '${join(",", ["a", local.open])}'],
                note: 'x $${y} "${local.open}"',
              },
            ],
            dynamic: { egress: { for_each: [80, 443], content: { port: '${egress.value}' } } },
            lifecycle: { prevent_destroy: true, ignore_changes: ['a.b'] },
          },
        },
      },
      module: { m: [{ source: './x', providers: { aws: 'aws.west' } }] },
      moved: { from: 'aws_security_group.old', to: 'aws_security_group.api' },
    },
    null,
    2,
  );

  test('blocks, labels, templates and names', () => {
    const { resources, doubts } = read(JSON_FILE, 'x/main.tf.json');
    expect(doubts).toEqual([]);
    expect(resources.map((r) => r.address)).toEqual([
      'required_provider.aws',
      'backend.gcs',
      'provider.aws',
      'provider.aws.west',
      'var.cidr',
      'local.open',
      'aws_security_group.api',
      'module.m',
    ]);
    const api = find({ resources, doubts }, 'aws_security_group.api');
    expect(api.movedFrom).toEqual(['aws_security_group.old']);
    expect(shown(at(api.values, 'ingress'))).toBe(
      '[{"cidr_blocks":["0.0.0.0/0","a,0.0.0.0/0"],"note":"x ${y} \\"0.0.0.0/0\\""}]',
    );
    expect(items(at(api.values, 'egress')).map((e) => text(at(e, 'port')))).toEqual(['80', '443']);
    expect(shown(at(api.values, 'lifecycle'))).toBe('[{"ignore_changes":["a.b"],"prevent_destroy":true}]');
    expect(text(at(api.values, 'type'))).toBe('0.0.0.0/0');
    expect(arrows(api)).toContain('depends_on → aws_vpc.v');
    expect(arrows(api)).toContain('provider → provider.aws.west');
    expect(arrows(find({ resources, doubts }, 'module.m'))).toEqual(['providers.aws → provider.aws.west']);
    expect(text(at(find({ resources, doubts }, 'var.cidr').values, 'default'))).toBe('${not.a.template}');
  });

  test('lines are those of the file', () => {
    const api = find(read(JSON_FILE, 'main.tf.json'), 'aws_security_group.api');
    const lines = JSON_FILE.split('\n');
    expect(lines[api.span.startLine - 1]).toContain('"api"');
    expect(lines[api.span.endLine - 1]).toBe('      }');
    const cidr = items(at(items(at(api.values, 'ingress'))[0], 'cidr_blocks'))[0];
    expect(lines[(cidr?.line ?? 0) - 1]).toContain('"${local.open}"');
  });

  test('a broken template is a doubt at its line', () => {
    const { doubts } = read('{"output": {"o": {\n"value": "${broken"}}}', 'main.tf.json');
    expect(doubts.map((d) => [d.code, d.line])).toEqual([['parse-error', 2]]);
  });
});

describe('files that cannot be read wholly', () => {
  test('the doubt names file, line and column, and the rest is there', () => {
    const { resources, doubts } = read('resource "t" "a" {\n  x = [1\n}\nresource "t" "b" {}\n', 'm/main.tf');
    expect(resources.map((r) => r.address)).toEqual(['t.a', 't.b']);
    expect(doubts).toHaveLength(1);
    expect(doubts[0]).toMatchObject({ code: 'parse-error', file: 'm/main.tf', weight: 'doubt' });
    expect([doubts[0]?.line, doubts[0]?.column, doubts[0]?.remedy]).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.stringMatching(/./),
    ]);
  });

  test('placeholders of a template language', () => {
    const { resources, doubts } = read(
      'resource "t" "{{ name }}" {\n  region = "{{ region }}"\n  count = {{ count }}\n  {% if x %}\n  open = true\n  {% endif %}\n}\n{{#each items}}\nresource "t" "b" {\n  y = 1\n}\n{{/each}}\n',
    );
    expect(resources.map((r) => r.address)).toEqual(['t.{{ name }}', 't.b']);
    const first = resources[0]?.values;
    expect(text(at(first, 'region'))).toBe('{{ region }}');
    expect(shown(at(first, 'count'), 'written')).toContain('count');
    expect(text(at(first, 'open'))).toBe('true');
    expect(doubts.length).toBeGreaterThan(0);
  });

  test.each([
    ['nested lists', 'a0 = ["x"]\n', (i: number) => `a${i + 1} = [local.a${i}, local.a${i}]\n`],
    ['joined lists', 'a0 = ["x", "y"]\n', (i: number) => `a${i + 1} = concat(local.a${i}, local.a${i})\n`],
    ['joined texts', 'a0 = "0123456789"\n', (i: number) => `a${i + 1} = "\${local.a${i}}\${local.a${i}}"\n`],
    ['a long ladder', 'a0 = 1\n', (i: number) => `a${i + 1} = { k = local.a${i} }\n`],
  ])('locals that multiply: %s', (_, start, step) => {
    const source = `locals {\n${start}${Array.from({ length: 400 }, (__, i) => step(i)).join('')}}\n`;
    const { resources, doubts } = read(source);
    expect(resources).toHaveLength(401);
    expect(doubts.map((d) => d.code)).toEqual(['parse-limit']);
    const size = resources.reduce((sum, r) => sum + canonical(r.values, 'effective').length, 0);
    expect(size).toBeLessThan(20_000_000);
  });

  test('loops in loops', () => {
    const source = `locals {\n  a = [${'1, '.repeat(1_000)}]\n  b = [for x in local.a : [for y in local.a : [for z in local.a : x + y + z]]]\n}\n`;
    const { resources, doubts } = read(source);
    expect(doubts.map((d) => d.code)).toEqual(['parse-limit']);
    expect(shown(find({ resources, doubts }, 'local.b').values)).toContain('(');
  });

  test('more declarations than are read', () => {
    const { resources, doubts } = read(
      `locals {\n${Array.from({ length: LIMITS.resources + 5 }, (_, i) => `a${i} = 1\n`).join('')}}\n`,
    );
    expect(resources).toHaveLength(LIMITS.resources);
    expect(doubts.map((d) => d.code)).toEqual(['parse-limit']);
  });

  test('long names do not multiply', () => {
    const long = 'k'.repeat(5_000);
    const source = `a = ${`{ ${long} = `.repeat(20)}{ ${Array.from({ length: 500 }, (_, i) => `z${i} = 1`).join(', ')} }${'}'.repeat(20)}\n`;
    const { resources } = read(source, 'x.tfvars');
    expect(resources.reduce((sum, r) => sum + r.address.length, 0)).toBeLessThan(100_000);
    expect(resources.length).toBeGreaterThan(0);
  });

  test('names that objects inherit are names like any other', () => {
    const reading = read(
      'locals {\n  __proto__ = 1\n  constructor = local.__proto__\n}\nresource "__proto__" "toString" {\n  hasOwnProperty = local.constructor\n}\n',
    );
    expect(text(at(find(reading, '__proto__.toString').values, 'hasOwnProperty'))).toBe('1');
  });

  test('mutated files never throw, and name only lines that exist', () => {
    const source = Object.values(FIXTURE)[0] ?? '';
    const token = fc.constantFrom(
      '"',
      '${',
      '}',
      '{',
      '[',
      '(',
      ')',
      '<<E\n',
      '\n',
      '=',
      '#',
      '/*',
      '\\',
      'for',
      '...',
      '\u0000',
      '\ud800',
      'resource "a" "b" {\n',
    );
    const edit = fc.record({
      at: fc.nat(source.length),
      cut: fc.nat(30),
      put: fc.array(token, { maxLength: 3 }),
    });
    const path = fc.constantFrom('a/main.tf', 'a/x.tfvars', 'a/main.tf.json', 'a/x.auto.tfvars.json');
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), path, (edits, file) => {
        const mutated = edits.reduce(
          (all, { at: place, cut, put }) => all.slice(0, place) + put.join('') + all.slice(place + cut),
          source,
        );
        const last = mutated.split('\n').length + 1;
        const { resources, doubts } = reader.read([{ path: file, text: mutated }]);
        for (const { span, values } of resources) {
          expect(values.kind).toBe('map');
          expect(span.startLine >= 1 && span.endLine >= span.startLine && span.endLine <= last).toBe(true);
        }
        for (const { line } of doubts) expect(line === undefined || (line >= 1 && line <= last)).toBe(true);
      }),
      { seed: 31, numRuns: 300 },
    );
  });
});

describe('layout does not count', () => {
  /** Whether each line belongs to the text of a heredoc, its last line included. */
  function heredocLines(lines: readonly string[]): boolean[] {
    let end: string | undefined;
    return lines.map((line) => {
      const inside = end !== undefined;
      if (line.trim() === end) end = undefined;
      end ??= inside ? undefined : /<<-?(\w+)$/.exec(line)?.[1];
      return inside;
    });
  }

  test('indentation, comments, blank lines and CRLF change neither what is written nor what it comes to', () => {
    const paths = Object.keys(FIXTURE).filter((path) => path.endsWith('.tf'));
    const style = fc.record({
      indents: fc.array(fc.constantFrom('', ' ', '  ', '\t', '        '), { minLength: 5, maxLength: 20 }),
      comments: fc.array(fc.constantFrom('', '', ' # note "x" ${y} {', ' // }', ' /* [ */', '   '), {
        minLength: 5,
        maxLength: 20,
      }),
      blanks: fc.array(fc.constantFrom('', '', '\n', '\n# alone {{\n', '\n/* a\n } b */\n'), {
        minLength: 5,
        maxLength: 20,
      }),
      newline: fc.constantFrom('\n', '\r\n'),
    });
    const relayout = (
      source: string,
      { indents, comments, blanks, newline }: typeof style extends fc.Arbitrary<infer S> ? S : never,
    ): string => {
      const lines = source.split('\n');
      const inHeredoc = heredocLines(lines);
      const pick = (from: readonly string[], index: number): string => from[index % from.length] ?? '';
      return lines
        .map((line, index) => {
          if (inHeredoc[index]) return `${pick(indents, 0)}${line}`;
          const opens = inHeredoc[index + 1] === true;
          const tail = opens || line.trim() === '' ? '' : pick(comments, index);
          return `${pick(indents, index)}${line.trim()}${tail}${opens ? '' : pick(blanks, index)}`;
        })
        .join('\n')
        .replaceAll('\n', newline);
    };
    const facts = (texts: Readonly<Record<string, string>>): readonly string[] => [
      ...meaning(readTexts(reader, texts)),
      ...readTexts(reader, texts).resources.map((r) => canonical(r.values, 'written')),
    ];
    const plain = facts(FIXTURE);
    expect(plain.length).toBeGreaterThan(40);
    fc.assert(
      fc.property(style, (chosen) => {
        const changed = Object.fromEntries(
          Object.entries(FIXTURE).map(([path, source]) => [
            path,
            paths.includes(path) ? relayout(source, chosen) : source,
          ]),
        );
        expect(facts(changed)).toEqual(plain);
      }),
      { seed: 41, numRuns: 60 },
    );
  });

  test('the order of files and of blocks in them does not count', () => {
    const blocks = [
      'resource "t" "a" {\n  x = local.l\n}\n',
      'locals {\n  l = var.v\n}\n',
      'variable "v" {\n  default = 1\n}\n',
    ];
    const forward = meaning(read(blocks.join('')));
    expect(meaning(read(blocks.toReversed().join('')))).toEqual(forward);
    const [one = '', two = '', three = ''] = blocks;
    expect(meaning(readTexts(reader, { 'c.tf': one, 'a.tf': two, 'b.tf': three }))).toEqual(forward);
    expect(forward).toHaveLength(3);
  });
});
