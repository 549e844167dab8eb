import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAPABILITIES } from '../src/core/semantics/capabilities.generated.ts';
import { capabilityOfPackage } from '../src/core/semantics/capabilities.ts';
import { isDevelopmentTool } from '../src/core/semantics/vendors.ts';

const of = (address: string): string | undefined => capabilityOfPackage(address)?.id;

describe('what a package can do', () => {
  test.each([
    ['npm:axios', 'network-client'],
    ['rubygems:net-sftp', 'file-transfer'],
    ['pypi:pyjwt', 'authentication'],
    ['rubygems:pkcs11', 'cryptography'],
    ['go:github.com/lib/pq', 'data-store'],
    ['go:go.etcd.io/etcd/client', 'data-store'],
    ['nuget:microsoft.aspnetcore.authentication.jwtbearer', 'authentication'],
    ['maven:org.springframework.security:spring-security-core', 'authentication'],
    ['npm:dompurify', 'protection'],
    ['pypi:langchain-core', 'agent'],
    ['npm:xml2js', 'untrusted-files'],
    ['pypi:cloudpickle', 'execution'],
    ['cargo:axum', 'server'],
  ])('%s: %s', (address, id) => {
    expect(of(address)).toBe(id);
  });

  test.each([
    'npm:left-pad',
    'npm:date-fns',
    'rubygems:http_accept_language',
    'npm:http-status-codes',
    'npm:axios-mock-adapter',
    'go:github.com/spf13/pflag',
    // The owner and the scope are not what the package is.
    'go:github.com/docker/go-units',
    'npm:@auth-ui/colors',
    'npm:author-name',
  ])('%s: a helper', (address) => {
    expect(of(address)).toBeUndefined();
  });

  test('no listed package is a tool that does not ship', () => {
    const listed = CAPABILITIES.flatMap((c) => c.packages).filter((p) => !p.endsWith('*'));
    expect(listed.filter(isDevelopmentTool)).toEqual([]);
  });

  test('a package is listed under one ability', () => {
    const listed = CAPABILITIES.flatMap((c) => c.packages);
    expect(listed.filter((p, i) => listed.indexOf(p) !== i)).toEqual([]);
  });

  test('any name is answered', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (name) => {
        const found = capabilityOfPackage(`npm:${name}`);
        expect(found === undefined || CAPABILITIES.some((c) => c.id === found.id)).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
