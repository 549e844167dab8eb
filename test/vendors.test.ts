import { describe, expect, test } from '@jest/globals';
import { generate as supplyChain } from '../scripts/generate/supply-chain.ts';
import { generate as vendors } from '../scripts/generate/vendors.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VENDORS } from '../src/core/semantics/vendors.generated.ts';
import {
  isDevelopmentTool,
  isStandardPackage,
  vendorOfHost,
  vendorOfPackage,
} from '../src/core/semantics/vendors.ts';
import { deployCommandsIn, isAttackerContext, isHostedRunner } from '../src/core/semantics/supply-chain.ts';
import { pipedDownloads } from '../src/core/semantics/shell.ts';
import { contextsIn, expressionsIn, secretsIn } from '../src/core/syntax/workflow-expression.ts';
import { stopwatch } from './stopwatch.ts';

const root = join(import.meta.dirname, '..');

test.each([
  ['vendors', vendors],
  ['supply-chain', supplyChain],
])('%s.generated.ts is what its YAML says', (_, generate) => {
  generate((path, content) => expect(readFileSync(join(root, path), 'utf8')).toBe(content), root);
  expect.assertions(1);
});

describe('vendors', () => {
  test('are many, each with a phrase for what flows there', () => {
    expect(VENDORS.length).toBeGreaterThanOrEqual(150);
    expect(VENDORS.filter((v) => v.data === '' || (v.packages.length === 0 && v.hosts.length === 0))).toEqual(
      [],
    );
  });

  test.each([
    ['npm:stripe', 'Stripe'],
    ['npm:@sentry/node', 'Sentry'],
    ['pypi:boto3', 'Amazon Web Services'],
    ['go:github.com/aws/aws-sdk-go-v2/service/s3', 'Amazon Web Services'],
    ['go:github.com/stripe/stripe-go/client', 'Stripe'],
    ['maven:com.stripe:stripe-java', 'Stripe'],
    ['nuget:azure.identity', 'Microsoft Azure'],
    ['cargo:async-openai', 'OpenAI'],
    ['rubygems:sendgrid-ruby', 'SendGrid'],
    ['npm:@aws-sdk/client-cognito-identity-provider', 'Amazon Cognito'],
    ['npm:stripey', undefined],
    ['pypi:constructor', undefined],
    ['go:github.com/stripe/other', undefined],
  ])('%s → %s', (address, name) => {
    expect(vendorOfPackage(address)?.name).toBe(name);
  });

  test.each([
    ['api.stripe.com', 'Stripe'],
    ['API.STRIPE.COM.', 'Stripe'],
    ['o1.ingest.sentry.io', 'Sentry'],
    ['bucket.s3.eu-west-1.amazonaws.com', 'Amazon Web Services'],
    ['graph.microsoft.com', 'Microsoft Graph'],
    ['notstripe.com', undefined],
    ['stripe.com.evil.example', undefined],
    ['', undefined],
  ])('%s → %s', (host, name) => {
    expect(vendorOfHost(host)?.name).toBe(name);
  });

  test('tools and the language’s own', () => {
    expect(isDevelopmentTool('npm:@types/node')).toBe(true);
    expect(isDevelopmentTool('npm:express')).toBe(false);
    expect(isStandardPackage('go:golang.org/x/sync')).toBe(true);
    expect(isStandardPackage('go:golang.example/x')).toBe(false);
  });
});

describe('words of workflows', () => {
  test('expressions, contexts and secrets', () => {
    expect(expressionsIn('a ${{ x }} b ${{y}} ${{ open')).toEqual(['x', 'y', 'open']);
    expect(
      contextsIn("format('github.event.x', github.event['issue'].title) || github.event.commits[0].message"),
    ).toEqual(['format', 'github.event.issue.title', 'github.event.commits.*.message']);
    expect(secretsIn("secrets.A || secrets['b-c'] || inputs.secrets || 'secrets.D'")).toEqual(['A', 'B-C']);
    expect(secretsIn('toJSON(secrets)')).toEqual(['*']);
    expect(secretsIn('secrets[matrix.key]')).toEqual(['*']);
  });

  test('who chooses a context', () => {
    expect(isAttackerContext('github.event.pull_request.title')).toBe(true);
    expect(isAttackerContext('github.event.commits.*.message')).toBe(true);
    expect(isAttackerContext('github.event.pull_request.number')).toBe(false);
    expect(isAttackerContext('github.ref_name')).toBe(false);
  });

  test('machines', () => {
    expect(
      ['ubuntu-24.04', 'windows-latest', 'macos-15-xlarge', 'team-ubuntu-latest-16'].every(isHostedRunner),
    ).toBe(true);
    expect(['self-hosted', 'depot-ubuntu-22.04', 'gpu-box'].some(isHostedRunner)).toBe(false);
  });

  test('long hostile lines take no time', () => {
    const texts = [
      "secrets['",
      '${{ ',
      'a.',
      "['",
      '| curl ',
      '$(curl ',
      'terraform ',
      'sudo -a ',
      ' ',
      '"',
    ].map((u) => u.repeat(Math.floor(400_000 / u.length)));
    for (const t of texts) {
      const took = stopwatch();
      for (const e of expressionsIn(t).slice(0, 3)) secretsIn(e);
      contextsIn(t);
      secretsIn(t);
      deployCommandsIn(t);
      pipedDownloads(t);
      expect(took()).toBeLessThan(5_000);
    }
  });
});
