import type { RefusedReference } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import { spellings } from '../values/address.ts';
import { compileWildcard, isCatchAll } from '../values/wildcard.ts';
import type { Mention } from './elements.ts';

const MOST_PATTERNS = 200;
const LONGEST_PATTERN = 300;

/**
 * Makes the check for patterns that are too broad to mean anything: one line `Resource: *` in a model must not cover
 * whatever anybody changes. `taken` is how many patterns were accepted before.
 * @returns why the pattern is not taken into account, or undefined
 */
export function makePatternCheck(
  facts: readonly Fact[],
): (pattern: string, taken: number) => string | undefined {
  const byAddress = new Map(facts.map((f) => [`${f.scope}\0${f.address}`, f]));
  const changed = [...byAddress.values()].map(spellings);
  const types = new Set(facts.map((f) => f.type)).size;
  const everything = (pattern: string) => {
    const matches = compileWildcard(pattern);
    return types > 1 && changed.length > 2 && changed.every((forms) => forms.some(matches));
  };
  return (pattern, taken) => {
    if (isCatchAll(pattern))
      return 'It names no resource in particular, so it would cover anything. Name the type at least, such as `aws_s3_bucket.*`.';
    if (pattern.length > LONGEST_PATTERN || taken >= MOST_PATTERNS)
      return `Patterns beyond ${MOST_PATTERNS} in all, or longer than ${LONGEST_PATTERN} characters, are not read.`;
    if (everything(pattern))
      return 'It matches every address in this change, whatever its type, so it says nothing about any of them. Name them.';
    return undefined;
  };
}

export function describeRefusal({ element, written }: Mention, reason: string): RefusedReference {
  const { node } = element;
  return {
    model: element.model,
    element: element.element,
    key: node.key,
    name: node.name,
    file: node.location.file,
    line: node.location.line,
    reference: written.slice(0, LONGEST_PATTERN),
    reason,
  };
}
