import type { Detector } from '../../src/core/detectors/detector.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import { reader as cloudformation } from '../../src/core/readers/cloudformation.ts';
import { reader as compose } from '../../src/core/readers/compose.ts';
import type { Reader } from '../../src/core/readers/reader.ts';
import { reader as kubernetes } from '../../src/core/readers/kubernetes.ts';
import { reader as terraform } from '../../src/core/readers/terraform.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { brief, detectChange } from './changes.ts';

await loadParsers();

const STACKS: Readonly<Record<string, { readonly reader: Reader; readonly path: string }>> = {
  terraform: { reader: terraform, path: 'infra/main.tf' },
  cloudformation: { reader: cloudformation, path: 'stack/template.yaml' },
  kubernetes: { reader: kubernetes, path: 'deploy/app.yaml' },
  compose: { reader: compose, path: 'docker-compose.yml' },
};

/** What one detector says about one file of a stack that was changed; an empty text is no file. */
export function factsOf(detector: Detector, stack: string, base: string, head: string): readonly Fact[] {
  const { reader, path } = STACKS[stack] ?? fail(stack);
  const side = (text: string): Record<string, string> => (text === '' ? {} : { [path]: text });
  return detectChange(reader, detector, side(base), side(head));
}

const fail = (stack: string): never => {
  throw new Error(`no such stack: ${stack}`);
};

/** In short: `rule address *`. */
export const briefOf = (detector: Detector, stack: string, base: string, head: string): readonly string[] =>
  brief(factsOf(detector, stack, base, head));

/** Both ways: head to base must say the reverse. */
export const bothWays = (
  detector: Detector,
  stack: string,
  base: string,
  head: string,
): readonly (readonly string[])[] => [
  briefOf(detector, stack, base, head),
  briefOf(detector, stack, head, base),
];
