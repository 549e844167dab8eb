import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/authentication.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const tf = (base: string, head: string): readonly string[] => briefOf(detector, 'terraform', base, head);
const resource = (type: string, body: string): string => `resource "${type}" "x" {\n  ${body}\n}`;

describe('authentication', () => {
  test('another identity provider', () => {
    const client = (p: string): string =>
      resource('aws_cognito_user_pool_client', `name = "admin"\n  supported_identity_providers = ["${p}"]`);
    expect(factsOf(detector, 'terraform', client('COGNITO'), client('EntraID'))).toMatchObject([
      {
        rule: 'authentication/changed',
        deciding: true,
        categories: ['identity-access', 'external-dependency'],
        signals: ['login-method-changed'],
      },
    ]);
  });

  test.each([
    ['second factor', 'aws_cognito_user_pool', 'mfa_configuration = "ON"', 'mfa_configuration = "OFF"'],
    ['method of an API', 'aws_api_gateway_method', 'authorization = "AWS_IAM"', 'authorization = "NONE"'],
    [
      'function URL',
      'aws_lambda_function_url',
      'authorization_type = "AWS_IAM"',
      'authorization_type = "NONE"',
    ],
    [
      'guests',
      'aws_cognito_identity_pool',
      'allow_unauthenticated_identities = false',
      'allow_unauthenticated_identities = true',
    ],
    [
      'logins with database passwords',
      'aws_db_instance',
      'iam_database_authentication_enabled = true',
      'iam_database_authentication_enabled = false',
    ],
    [
      'shared keys',
      'azurerm_storage_account',
      'shared_access_key_enabled = false',
      'shared_access_key_enabled = true',
    ],
    [
      'project-wide SSH keys',
      'google_compute_instance',
      'metadata = {\n    block-project-ssh-keys = "true"\n  }',
      'metadata = {\n    block-project-ssh-keys = "false"\n  }',
    ],
  ])('%s: weaker one way, stronger the other', (_, type, strong, weak) => {
    expect(bothWays(detector, 'terraform', resource(type, strong), resource(type, weak))).toEqual([
      [`authentication/weakened ${type}.x *`],
      [`authentication/strengthened ${type}.x *`],
    ]);
  });

  test('a new endpoint without any login says so; one with a login does not', () => {
    expect(tf('', resource('aws_lambda_function_url', 'authorization_type = "NONE"'))).toEqual([
      'authentication/weakened aws_lambda_function_url.x *',
    ]);
    expect(tf('', resource('aws_lambda_function_url', 'authorization_type = "AWS_IAM"'))).toEqual([]);
  });

  test.each([
    [
      'texts of mails',
      resource('aws_cognito_user_pool', 'email_verification_subject = "a"'),
      resource('aws_cognito_user_pool', 'email_verification_subject = "b"'),
    ],
    [
      'the order of providers',
      resource('aws_cognito_user_pool_client', 'supported_identity_providers = ["A", "B"]'),
      resource('aws_cognito_user_pool_client', 'supported_identity_providers = ["B", "A"]'),
    ],
    [
      'what was the default',
      resource('aws_cognito_user_pool', ''),
      resource('aws_cognito_user_pool', 'mfa_configuration = "OFF"'),
    ],
    [
      'a display name',
      resource('azuread_application', 'display_name = "a"'),
      resource('azuread_application', 'display_name = "b"'),
    ],
  ])('%s is no fact', (_, base, head) => expect(tf(base, head)).toEqual([]));
});
