import { describe, expect, test } from '@jest/globals';
import { detector as dataFlow } from '../src/core/detectors/data-flow.ts';
import { detector as encryption } from '../src/core/detectors/encryption.ts';
import { detector as exposure } from '../src/core/detectors/exposure.ts';
import { detector as logging } from '../src/core/detectors/logging.ts';
import { detector as protection } from '../src/core/detectors/protection.ts';
import { bothWays, briefOf, factsOf } from './support/stacks.ts';

const rule = (
  name: string,
  action: string,
  statement = 'geo_match_statement {\n      country_codes = ["ZZ"]\n    }',
): string =>
  `  rule {\n    name = "${name}"\n    priority = 1\n    ${action}\n    statement {\n    ${statement}\n    }\n  }\n`;
const firewall = (...rules: readonly string[]): string =>
  `resource "aws_wafv2_web_acl" "edge" {\n  scope = "REGIONAL"\n  default_action {\n    allow {}\n  }\n${rules.join('')}}\n`;
const says = (base: string, head: string): readonly string[] =>
  factsOf(protection, 'terraform', base, head).map((f) => `${f.rule}: ${f.statement}`);

describe('a choice between blocks', () => {
  test('is one change with a direction', () => {
    const [counting, blocking] = [
      firewall(rule('a', 'action {\n      count {}\n    }')),
      firewall(rule('a', 'action {\n      block {}\n    }')),
    ];
    expect(says(counting, blocking)).toEqual([
      'protection/strengthened: rule.action of `aws_wafv2_web_acl.edge` strengthened: count → block',
    ]);
    expect(says(blocking, counting)).toEqual([
      'protection/weakened: rule.action of `aws_wafv2_web_acl.edge` weakened: block → count',
    ]);
    expect(factsOf(protection, 'terraform', blocking, counting)).toMatchObject([
      { deciding: true, categories: ['exposure'], signals: ['waf-changed'] },
    ]);
  });

  test('so is switching off the override of a group', () => {
    expect(
      says(
        firewall(rule('a', 'override_action {\n      count {}\n    }')),
        firewall(rule('a', 'override_action {\n      none {}\n    }')),
      ),
    ).toEqual([
      'protection/strengthened: rule.override_action of `aws_wafv2_web_acl.edge` strengthened: count → none',
    ]);
  });
});

describe('whole list items', () => {
  const block = 'action {\n      block {}\n    }';
  test('a rule that goes is one observation and known by its name', () => {
    expect(says(firewall(rule('a', block), rule('b', block)), firewall(rule('a', block)))).toEqual([
      'protection/changed: rule b of `aws_wafv2_web_acl.edge` removed',
    ]);
    expect(
      says(firewall(rule('a', block)), firewall(rule('a', block), rule('b', block), rule('c', block))),
    ).toEqual(['protection/changed: rule b, c of `aws_wafv2_web_acl.edge` added']);
  });

  test('a block that comes inside a rule that stays is not called a rule', () => {
    const narrower =
      'geo_match_statement {\n      country_codes = ["ZZ"]\n      forwarded_ip_config {\n        header_name = "x"\n        fallback_behavior = "MATCH"\n      }\n    }';
    expect(says(firewall(rule('a', block)), firewall(rule('a', block, narrower)))).toEqual([
      'protection/changed: rule.statement.geo_match_statement.forwarded_ip_config of `aws_wafv2_web_acl.edge` added',
    ]);
  });

  const behaviour = (path: string, policy: string): string =>
    `  ordered_cache_behavior {\n    path_pattern = "${path}"\n    target_origin_id = "app"\n    viewer_protocol_policy = "${policy}"\n  }\n`;
  const cdn = (...behaviours: readonly string[]): string =>
    `resource "aws_cloudfront_distribution" "d" {\n  enabled = true\n${behaviours.join('')}}\n`;
  test('dropping one of several that encrypt weakens nothing; a weak one counts as it comes and goes', () => {
    const [strict, lax] = [behaviour('/a/*', 'https-only'), behaviour('/b/*', 'allow-all')];
    expect(
      bothWays(encryption, 'terraform', cdn(strict, behaviour('/b/*', 'redirect-to-https')), cdn(strict)),
    ).toEqual([[], []]);
    expect(bothWays(encryption, 'terraform', cdn(strict), cdn(strict, lax))).toEqual([
      ['encryption/weakened aws_cloudfront_distribution.d *'],
      ['encryption/strengthened aws_cloudfront_distribution.d *'],
    ]);
    expect(briefOf(encryption, 'terraform', cdn(strict), cdn(behaviour('/a/*', 'allow-all')))).toEqual([
      'encryption/weakened aws_cloudfront_distribution.d *',
    ]);
  });

  test('a block of its own that goes is a loss', () => {
    const bucket = (encrypted: string): string =>
      `resource "aws_s3_bucket_server_side_encryption_configuration" "b" {\n  bucket = "b"\n${encrypted}}\n`;
    const rule =
      '  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "aws:kms"\n      kms_master_key_id = "k"\n    }\n  }\n';
    expect(briefOf(encryption, 'terraform', bucket(rule), bucket(''))).toContain(
      'encryption/weakened aws_s3_bucket_server_side_encryption_configuration.b *',
    );
  });

  test('a further log is a gain, a log less a loss', () => {
    const settings = (...logs: readonly string[]): string =>
      `resource "azurerm_monitor_diagnostic_setting" "s" {\n  target_resource_id = "t"\n${logs.map((l) => `  enabled_log {\n    category = "${l}"\n  }\n`).join('')}}\n`;
    expect(bothWays(logging, 'terraform', settings('Audit'), settings('Audit', 'Requests'))).toEqual([
      ['logging/strengthened azurerm_monitor_diagnostic_setting.s *'],
      ['logging/weakened azurerm_monitor_diagnostic_setting.s *'],
    ]);
  });
});

describe('values that reach a resource through for_each', () => {
  const names = (targets: string): string =>
    `locals {\n  names = { ${targets} }\n}\nresource "aws_route53_record" "alias" {\n  for_each = local.names\n  zone_id = "z"\n  name = each.key\n  type = "CNAME"\n  records = [each.value]\n}\n`;
  test('a name that points elsewhere is told as its record', () => {
    const facts = factsOf(
      dataFlow,
      'terraform',
      names('"a.example.test" = "x.cdn.test"'),
      names('"a.example.test" = "y.cdn.test"'),
    );
    expect(facts).toMatchObject([
      { deciding: true, categories: ['data-flow'], address: 'aws_route53_record.alias' },
    ]);
    expect(facts[0]?.statement).toContain('records (a.example.test) of `aws_route53_record.alias`');
  });
  test('the value of a new instance is part of its news', () => {
    expect(
      briefOf(dataFlow, 'terraform', names('a = "x.cdn.test"'), names('a = "x.cdn.test", b = "y.cdn.test"')),
    ).toEqual([]);
  });

  const sources = (list: string, use = '[each.value]'): string =>
    `locals {\n  sources = [${list}]\n}\nresource "aws_security_group_rule" "in" {\n  for_each = toset(local.sources)\n  type = "ingress"\n  protocol = "tcp"\n  from_port = 443\n  to_port = 443\n  cidr_blocks = ${use}\n}\n`;
  test('a range among them opens the door', () => {
    expect(
      briefOf(exposure, 'terraform', sources('"10.0.0.0/8"'), sources('"10.0.0.0/8", "0.0.0.0/0"')),
    ).toEqual(['exposure/widened aws_security_group_rule.in *']);
    expect(
      briefOf(exposure, 'terraform', sources('"a"', '["10.0.0.0/8"]'), sources('"a", "b"', '["10.0.0.0/8"]')),
    ).toEqual([]);
  });
});

describe('statements', () => {
  test('are one line, and show where two long values differ', () => {
    const set = (last: string): string =>
      `resource "aws_wafv2_regex_pattern_set" "p" {\n  scope = "REGIONAL"\n  regular_expression {\n    regex_string = "/${'a'.repeat(200)}|/${last}"\n  }\n}\n`;
    const [fact] = factsOf(protection, 'terraform', set('open'), set('opened'));
    expect(fact?.before).toMatch(/^….*\/open$/);
    expect(fact?.after).toMatch(/^….*\/opened$/);
    expect(fact?.statement.length).toBeLessThan(260);
    const multi = factsOf(protection, 'terraform', set('x\\ny'), set('x\\nz'));
    expect(multi[0]?.statement).not.toMatch(/[\r\n]/);
  });
});
