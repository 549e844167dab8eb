import type { Category } from '../model/fact.ts';
import { memoised } from '../values/memoise.ts';
import { CAPABILITIES } from './capabilities.generated.ts';
import { phraseOccurs, splitWords } from './words.ts';

/** What a package can do that a threat model cares about. */
export interface Capability {
  readonly id: string;
  /** Completes "a package that …". */
  readonly does: string;
  readonly categories: readonly Category[];
  /** A safeguard by itself: losing it, or another one instead, is a decision. */
  readonly control?: true;
  /** Each one of the kind is another door. */
  readonly each?: true;
  /** When the last one of the kind goes, that is a decision too. */
  readonly missed?: true;
}

/** As written in `capabilities.yaml`. */
export interface CapabilityEntry extends Capability {
  readonly words: readonly string[];
  readonly unless: readonly string[];
  /** `<ecosystem>:<name>`, `*` at the end. */
  readonly packages: readonly string[];
}

interface Compiled {
  readonly capability: CapabilityEntry;
  readonly exact: ReadonlySet<string>;
  readonly prefixes: readonly string[];
  readonly words: readonly (readonly string[])[];
  readonly unless: readonly (readonly string[])[];
}

const compiled: readonly Compiled[] = CAPABILITIES.map((capability) => ({
  capability,
  exact: new Set(capability.packages.filter((p) => !p.endsWith('*'))),
  prefixes: capability.packages.filter((p) => p.endsWith('*')).map((p) => p.slice(0, -1)),
  words: capability.words.map((w) => w.split(' ')),
  unless: capability.unless.map((w) => w.split(' ')),
}));

/** Parts of a name that say what kind of file or test double it is: no such package ships a power. */
const HARMLESS = new Set([
  'mock',
  'mocks',
  'fake',
  'stub',
  'stubs',
  'types',
  'typings',
  'fixtures',
  'eslint',
  'lint',
]);

/** What a package can do, by the address of a dependency resource (`npm:axios`); undefined for a helper. */
export const capabilityOfPackage: (address: string) => Capability | undefined = memoised((address = '') => {
  const named = compiled.find((c) => c.exact.has(address) || c.prefixes.some((p) => address.startsWith(p)));
  if (named) return named.capability;
  const words = splitWords(ownName(address));
  if (words.some((w) => HARMLESS.has(w))) return undefined;
  return compiled.find(
    (c) => c.words.some((p) => phraseOccurs(p, words)) && !c.unless.some((p) => phraseOccurs(p, words)),
  )?.capability;
});

/** Where the first part of a Go path is a forge, the second is an owner. */
const FORGE = /^(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)$/;

/** The part of a name that says what the package is: no host, owner, scope or group. */
function ownName(address: string): string {
  const colon = address.indexOf(':');
  const ecosystem = address.slice(0, colon);
  const name = address.slice(colon + 1);
  if (ecosystem === 'maven') return name.split(':').at(-1) ?? name;
  if (ecosystem === 'npm' || ecosystem === 'composer') return name.split('/').at(-1) ?? name;
  if (ecosystem !== 'go') return name;
  const parts = name.split('/');
  return parts.slice(FORGE.test(parts[0] ?? '') ? 2 : 1).join('/');
}
