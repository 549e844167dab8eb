import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/protection.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const resource = (type: string, body: string): string => `resource "${type}" "x" {\n  ${body}\n}`;

describe('protection', () => {
  test.each([
    ['deletion protection', 'aws_db_instance', 'deletion_protection = true', 'deletion_protection = false'],
    [
      'purge protection',
      'azurerm_key_vault',
      'purge_protection_enabled = true',
      'purge_protection_enabled = false',
    ],
    [
      'scanning of images',
      'aws_ecr_repository',
      'image_scanning_configuration {\n    scan_on_push = true\n  }',
      'image_scanning_configuration {\n    scan_on_push = false\n  }',
    ],
    [
      'tags that stay',
      'aws_ecr_repository',
      'image_tag_mutability = "IMMUTABLE"',
      'image_tag_mutability = "MUTABLE"',
    ],
    [
      'versions of objects',
      'aws_s3_bucket_versioning',
      'versioning_configuration {\n    status = "Enabled"\n  }',
      'versioning_configuration {\n    status = "Suspended"\n  }',
    ],
    ['a filter in front', 'aws_cloudfront_distribution', 'web_acl_id = "acl"', 'enabled = true'],
    ['force pushes', 'github_branch_protection', 'allows_force_pushes = false', 'allows_force_pushes = true'],
  ])('%s: weaker one way, stronger the other', (_, type, strong, weak) => {
    expect(bothWays(detector, 'terraform', resource(type, strong), resource(type, weak))).toEqual([
      [`protection/weakened ${type}.x *`],
      [`protection/strengthened ${type}.x *`],
    ]);
  });

  test('what a filter lets through', () => {
    const acl = (action: string): string =>
      resource('aws_wafv2_web_acl', `scope = "REGIONAL"\n  default_action {\n    ${action} {}\n  }`);
    const facts = factsOf(detector, 'terraform', acl('block'), acl('allow'));
    expect(facts.length).toBeGreaterThan(0);
    expect(facts[0]).toMatchObject({ deciding: true, categories: ['exposure'], signals: ['waf-changed'] });
  });

  test.each([
    [
      'how long backups are kept',
      resource('aws_db_instance', 'backup_retention_period = 7'),
      resource('aws_db_instance', 'backup_retention_period = 14'),
    ],
    [
      'the order of rules',
      resource('aws_wafv2_web_acl', 'rule {\n    name = "a"\n    priority = 1\n  }'),
      resource('aws_wafv2_web_acl', 'rule {\n    name = "a"\n    priority = 2\n  }'),
    ],
    [
      'emptying a bucket when it goes',
      resource('aws_s3_bucket', 'force_destroy = false'),
      resource('aws_s3_bucket', 'force_destroy = true'),
    ],
    [
      'protection of a load balancer from deletion',
      resource('aws_lb', 'internal = true\n  enable_deletion_protection = true'),
      resource('aws_lb', 'internal = true'),
    ],
  ])('%s does not decide', (_, base, head) =>
    expect(briefOf(detector, 'terraform', base, head).filter((f) => f.endsWith('*'))).toEqual([]),
  );
});
