import type { Fact } from '../model/fact.ts';
import { spellings, wholes } from '../values/address.ts';
import { kindsOfType, namesOf, wordsOf, type Name } from './names.ts';

/** What of a fact is looked for in a model. */
export interface Subject {
  readonly fact: Fact;
  /** Ways to write its address. */
  readonly spellings: readonly string[];
  /** Addresses of things it is a part of. */
  readonly wholes: readonly string[];
  /** Addresses it reaches, as written and with its scope. */
  readonly reaches: readonly string[];
  /** Keys of native references: hosts, images, names as in ARNs. */
  readonly native: readonly string[];
  readonly names: readonly Name[];
  readonly kinds: readonly string[];
}

const MOST_REACHED = 50;
const HOST = /^[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}){1,8}$/i;

export function subjectOf(fact: Fact): Subject {
  const scoped = (address: string) => (fact.scope === '' ? [address] : [address, `${fact.scope}/${address}`]);
  const written = [...ownNames(fact), ...hostsOf(fact)];
  return {
    fact,
    spellings: spellings(fact),
    wholes: wholes(fact.address).flatMap(scoped),
    reaches: (fact.reaches ?? []).slice(0, MOST_REACHED).flatMap(scoped),
    native: [...hostsOf(fact).map((h) => `host:${h}`), ...imagesOf(fact), ...cloudNamesOf(fact)],
    names: written.flatMap(namesOf),
    kinds: kindsOfType(fact.type),
  };
}

/** The part of an address that somebody chose; a package also by its parts (`@sendgrid/mail` → sendgrid). */
export function ownNames(fact: Fact): readonly string[] {
  const { address, stack, file } = fact;
  if (stack === 'github-actions') {
    const job = /^job (.+)$/.exec(address)?.[1];
    return [job ?? stem(file)];
  }
  if (stack === 'dockerfile')
    return [folderName(file), stem(file).replace(/^(docker|container)file\.?/i, '')].filter((n) => n !== '');
  const packaged = /^[a-z]+:(?!:)(.+)$/.exec(address)?.[1];
  if (packaged !== undefined)
    return [...new Set([packaged, ...packaged.split(/[/:]/)])].filter((n) => n !== '' && !HOST.test(n));
  const last = address.split(/[ /]/).at(-1) ?? address;
  const plain = last.replace(/\[.*$/, '');
  if (address.includes('::') || stack === 'kubernetes' || stack === 'compose') return [plain];
  const dotted = plain.split('.').at(-1) ?? plain;
  return [address.includes('/') ? address.slice(address.indexOf('/')) : dotted];
}

function stem(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.[^.]{1,8}$/, '');
}

function folderName(file: string): string {
  return file.split('/').at(-2) ?? '';
}

/** Outside hosts that the fact itself names as its values. */
function hostsOf(fact: Fact): readonly string[] {
  return [fact.after, fact.before].flatMap((v) =>
    v !== undefined && v.length < 254 && HOST.test(v) ? [v.toLowerCase()] : [],
  );
}

function imagesOf(fact: Fact): readonly string[] {
  if (!fact.signals.includes('image-changed')) return [];
  return [fact.after, fact.before].flatMap((v) => (v === undefined ? [] : [`image:${imageRepository(v)}`]));
}

/** An image without tag and digest. */
export function imageRepository(image: string): string {
  return image
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '')
    .toLowerCase();
}

/** How the names of ARNs are looked up: `cloud:s3:logs` for a bucket that is called `logs` in code. */
function cloudNamesOf(fact: Fact): readonly string[] {
  const services = wordsOf(fact.type, false);
  return ownNames(fact).flatMap((name) => services.map((service) => cloudKey(service, name)));
}

export function cloudKey(service: string, name: string): string {
  return `cloud:${service}:${name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 120)}`;
}
