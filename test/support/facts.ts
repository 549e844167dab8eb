import type { Fact } from '../../src/core/model/fact.ts';

/** A deciding fact about a resource at an address, for tests of the stages behind the detectors. */
export function fact(address: string, over: Partial<Fact> = {}): Fact {
  const scope = over.scope ?? 'infra';
  const rule = over.rule ?? 'components/added';
  return {
    id: [rule, scope, address].join('|'),
    rule,
    kind: 'resource-added',
    categories: ['new-component'],
    signals: ['resource-added'],
    stack: 'terraform',
    address,
    scope,
    type: address.split('.')[0] ?? address,
    statement: `\`${address}\` is new`,
    file: `${scope}/main.tf`,
    line: 3,
    side: 'head',
    deciding: true,
    ...over,
  };
}
