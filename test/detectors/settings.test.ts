import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/settings.ts';
import { detectChange } from '../support/changes.ts';
import { briefOf, factsOf } from '../support/stacks.ts';
import { reader as terraform } from '../../src/core/readers/terraform.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);
const variable = (name: string, value: string): string =>
  `variable "${name}" {\n  description = "x"\n  default = ${value}\n}\n`;
const module = (line: string): string => `module "app" {\n  source = "./app"\n  ${line}\n}\n`;

describe('security-switch', () => {
  test.each([
    ['a login', 'enable_sso', 'false', 'true', 'identity-access'],
    ['public access', 'publicly_accessible', 'false', 'true', 'exposure'],
    ['a range', 'allowed_cidrs', '["10.0.0.0/8"]', '["0.0.0.0/0"]', 'exposure'],
    ['encryption', 'encryption_enabled', 'true', 'false', 'secrets-crypto'],
    ['audit logs', 'enable_audit_logs', 'true', 'false', 'logging-monitoring'],
    ['other accounts', 'cross_account_backup_enabled', 'false', 'true', 'identity-access'],
    ['a firewall', 'firewall_enabled', 'true', 'false', 'trust-boundary'],
    ['credentials', 'enable_credential_helper', 'true', 'false', 'secrets-crypto'],
  ])('%s by a variable’s default', (_, name, before, after, category) => {
    const facts = factsOf(detector, 'terraform', variable(name, before), variable(name, after));
    expect(facts).toMatchObject([
      { rule: 'settings/security-switch', kind: 'setting-changed', address: `var.${name}`, deciding: true },
    ]);
    expect(facts[0]?.categories).toContain(category);
  });

  test('direction decides the signal', () => {
    const facts = (a: string, b: string): readonly string[] =>
      factsOf(
        detector,
        'terraform',
        variable('publicly_accessible', a),
        variable('publicly_accessible', b),
      ).flatMap((f) => f.signals);
    expect([facts('false', 'true'), facts('true', 'false')]).toEqual([
      ['exposure-widened'],
      ['exposure-narrowed'],
    ]);
  });

  test('an argument of a module', () => {
    expect(
      tf(
        module('metadata = { block-project-ssh-keys = "false" }'),
        module('metadata = { block-project-ssh-keys = "true" }'),
      ),
    ).toEqual(['settings/security-switch module.app *']);
    expect(tf(module(''), module('enable_public_access = true'))).toEqual([
      'settings/security-switch module.app *',
    ]);
  });

  test('a file of values, at the depth it stands', () => {
    const values = (on: boolean): string =>
      JSON.stringify({ production: { flags: { allow_admin_login: on, colour: 'blue' } } });
    const facts = detectChange(
      terraform,
      detector,
      { 'infra/terraform.tfvars.json': values(false) },
      { 'infra/terraform.tfvars.json': values(true) },
    );
    expect(facts).toMatchObject([
      {
        address: 'infra/terraform.tfvars.json#production.flags.allow_admin_login',
        deciding: true,
        before: 'false',
        after: 'true',
      },
    ]);
  });

  test('a parameter of a CloudFormation template', () => {
    const stack = (on: boolean, about = 'x'): string =>
      `AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  EnablePublicAccess:\n    Type: String\n    Description: ${about}\n    Default: ${on}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n`;
    expect(briefOf(detector, 'cloudformation', stack(false), stack(true))).toEqual([
      'settings/security-switch Parameters.EnablePublicAccess *',
    ]);
    expect(briefOf(detector, 'cloudformation', stack(false), stack(false, 'about public access'))).toEqual(
      [],
    );
  });

  test.each([
    [
      'a description',
      variable('enable_sso', 'false'),
      variable('enable_sso', 'false').replace('"x"', '"single sign-on"'),
    ],
    ['a number', variable('session_timeout', '60'), variable('session_timeout', '90')],
    ['a version', variable('tls_module_version', '"1"'), variable('tls_module_version', '"2"')],
    ['a size', variable('instance_type', '"a"'), variable('instance_type', '"b"')],
    ['a count', variable('bastion_count', '1'), variable('bastion_count', '2')],
    [
      'the range of a network of one’s own',
      variable('vpc_cidr', '"10.0.0.0/16"'),
      variable('vpc_cidr', '"10.1.0.0/16"'),
    ],
    ['a colour', variable('colour', 'true'), variable('colour', 'false')],
    [
      'an address of the same service',
      variable('login_page_url', '"https://a.test/x"'),
      variable('login_page_url', '"https://a.test/y"'),
    ],
    ['a new variable', '', variable('enable_sso', 'false')],
    ['a version of a module', module('version = "1.0.0"'), module('version = "2.0.0"')],
    [
      'an argument handed on otherwise',
      `${variable('a', 'true')}${module('enable_sso = var.a')}`,
      `${variable('b', 'true')}${module('enable_sso = var.b')}`,
    ],
    ['days that logs are kept', variable('log_retention_days', '30'), variable('log_retention_days', '60')],
    [
      'a value that waits to be filled in',
      variable('group_org_admins', '""'),
      variable('group_org_admins', '"REPLACE_ME"'),
    ],
    ['a switch of an alarm', variable('enable_alarm', 'true'), variable('enable_alarm', 'false')],
  ])('%s does not decide', (_, base, head) =>
    expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );

  test('a file that shows how to fill in values is not one of values', () => {
    const change = (file: string): readonly boolean[] =>
      detectChange(
        terraform,
        detector,
        { [file]: 'enable_sso = false\n' },
        { [file]: 'enable_sso = true\n' },
      ).map((f) => f.deciding);
    expect([change('infra/terraform.tfvars'), change('infra/terraform.example.tfvars')]).toEqual([
      [true],
      [false],
    ]);
  });

  test('what is secret is never shown', () => {
    const facts = factsOf(
      detector,
      'terraform',
      variable('admin_password', '"hunter2hunter2"'),
      variable('admin_password', '"correct-horse"'),
    );
    expect(JSON.stringify(facts)).not.toMatch(/hunter2|correct-horse/);
  });
});

describe('grants, members and secrets that are handed on', () => {
  const locals = (body: string): string => `locals {\n${body}\n}\n`;
  const people = (list: string): string => locals(`  engineers = [${list}]`);

  test('a person joins a list of members, and leaves it', () => {
    const [joined] = factsOf(detector, 'terraform', people('"ann", "bob"'), people('"ann", "bob", "eve"'));
    expect(joined).toMatchObject({
      address: 'local.engineers',
      categories: ['identity-access'],
      deciding: true,
      statement: 'setting engineers of `local.engineers` gains eve',
    });
    expect(factsOf(detector, 'terraform', people('"ann", "bob"'), people('"ann"'))[0]?.signals).toEqual([
      'permission-narrowed',
    ]);
    expect(tf(people('"ann", "bob"'), people('"bob", "ann"'))).toEqual([]);
  });

  test('a list whose name says nothing means what it is handed to', () => {
    const group = (list: string, argument: string): string =>
      `${locals(`  blue = [${list}]\n  all = concat(local.blue, ["zoe"])`)}module "team" {\n  source = "./team"\n  ${argument}\n}\n`;
    expect(tf(group('"ann"', 'members = local.blue'), group('"ann", "eve"', 'members = local.blue'))).toEqual(
      ['settings/security-switch local.blue *'],
    );
    expect(tf(group('"ann"', 'members = local.all'), group('"ann", "eve"', 'members = local.all'))).toEqual([
      'settings/security-switch local.blue *',
    ]);
    expect(tf(group('"ann"', 'colours = local.blue'), group('"ann", "eve"', 'colours = local.blue'))).toEqual(
      [],
    );
  });

  test.each([
    [
      'verbs',
      'reader = { verbs = ["get"], resources = ["pods"] }',
      'reader = { verbs = ["get", "delete"], resources = ["pods"] }',
    ],
    [
      'actions',
      'grant = { actions = ["s3:GetObject"], resources = ["a"] }',
      'grant = { actions = ["s3:GetObject", "s3:PutObject"], resources = ["a"] }',
    ],
    [
      'what they are on',
      'grant = { actions = ["s3:GetObject"], resources = ["a"] }',
      'grant = { actions = ["s3:GetObject"], resources = ["a", "b"] }',
    ],
    [
      'a holder of a role',
      'bindings = { "roles/viewer" = ["group:a"] }',
      'bindings = { "roles/viewer" = ["group:a", "group:b"] }',
    ],
    ['a switch that grants', 'grant_registry_access = false', 'grant_registry_access = true'],
  ])('a map that grants: %s', (_, before, after) => {
    expect(factsOf(detector, 'terraform', module(before), module(after))).toMatchObject([
      { deciding: true, categories: ['identity-access'] },
    ]);
    expect(tf(locals(`  ${before}`), locals(`  ${after}`))).toHaveLength(1);
  });

  test('the resources of a container grant nothing', () => {
    expect(tf(module('app = { resources = ["a"] }'), module('app = { resources = ["a", "b"] }'))).toEqual([]);
  });

  test('a module is given a secret, from wherever', () => {
    const given = factsOf(
      detector,
      'terraform',
      module(''),
      module('geocoding_api_key = var.geocoding_api_key'),
    );
    expect(given).toMatchObject([
      {
        deciding: true,
        categories: ['secrets-crypto'],
        statement: '`module.app` is given the secret geocoding_api_key',
      },
    ]);
    expect(tf(module('report_token = var.report_token'), module(''))).toEqual([
      'settings/security-switch module.app *',
    ]);
    expect(
      tf(module('report_token = var.a'), module('report_token = var.b')).filter((f) => f.endsWith('*')),
    ).toEqual([]);
    expect(tf(module(''), module('report_token_ttl = var.ttl')).filter((f) => f.endsWith('*'))).toEqual([]);
  });

  test('records handed to a module', () => {
    const zone = (records: string): string => module(`records = [${records}]`);
    expect(
      tf(zone('{ name = "a", records = ["x.cdn.test"] }'), zone('{ name = "a", records = ["y.cdn.test"] }')),
    ).toEqual(['settings/security-switch module.app *']);
  });

  test.each([
    [
      'an entry under another key',
      locals('  nodes = { main = { disk = { encrypted = true } } }'),
      locals('  nodes = { spare = { disk = { encrypted = true } } }'),
    ],
    ['off, written down', module(''), module('enable_sso = false')],
    ['nothing for the empty text', variable('sso_passcode', '""'), variable('sso_passcode', 'null')],
  ])('%s does not decide', (_, base, head) =>
    expect(tf(base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );

  test('a setting that goes from one kept entry to another is no renaming', () => {
    const stages = (dev: boolean, prod: boolean): string =>
      locals(
        `  stages = { dev = { publicly_accessible = ${dev} }, prod = { publicly_accessible = ${prod} } }`,
      );
    expect(tf(stages(true, false), stages(false, true))).toEqual([
      'settings/security-switch local.stages *',
      'settings/security-switch local.stages *',
    ]);
  });
});
