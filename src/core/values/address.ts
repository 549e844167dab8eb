import { matchesWildcard } from './wildcard.ts';

/** What is needed to recognise a resource by its address. */
export interface Addressed {
  readonly stack: string;
  readonly address: string;
  readonly scope: string;
  readonly file: string;
  readonly kind?: string;
}

/** Stacks in which one file is one component, so that its path is an address of everything in it. */
const FILE_IS_COMPONENT: ReadonlySet<string> = new Set(['github-actions', 'dockerfile']);
const FILE_KINDS: ReadonlySet<string> = new Set(['path-touched', 'policy-changed']);

/**
 * Every way to write the address of a resource in a model or policy: as it is, with its scope before it
 * (`infra/prod/aws_s3_bucket.logs`), without instance keys (`aws_instance.web[0]` → `aws_instance.web`), and for
 * Kubernetes without the namespace (`Deployment/prod/api` → `Deployment/api`).
 */
export function spellings(of: Addressed): readonly string[] {
  const forms = new Set([of.address, withoutIndex(of.address)]);
  const parts = of.address.split('/');
  if (of.stack === 'kubernetes' && parts.length === 3) forms.add(`${parts[0]}/${parts[2]}`);
  if (of.scope !== '') for (const form of [...forms]) forms.add(`${of.scope}/${form}`);
  if (FILE_IS_COMPONENT.has(of.stack) || FILE_KINDS.has(of.kind ?? '')) forms.add(of.file);
  return [...forms];
}

/** Whether a pattern (`*` and `?` allowed) names this resource. */
export function namesResource(pattern: string, of: Addressed): boolean {
  return spellings(of).some((spelling) => matchesWildcard(pattern, spelling));
}

/**
 * Addresses of the things that a part belongs to, nearest first: `aws_s3_bucket_policy.logs` is by its type and name a
 * part of `aws_s3_bucket.logs`. Only a guess until something else has the address.
 */
export function wholes(address: string): readonly string[] {
  const form = /^((?:[\w-]+\.)*?)([a-z0-9]+(?:_[a-z0-9]+)+)\.([\w-]+)(?:\[.*)?$/.exec(address.slice(0, 300));
  if (!form) return [];
  const [, prefix = '', type = '', name = ''] = form;
  const words = type.split('_');
  const shorter: string[] = [];
  for (let end = words.length - 1; end >= 2; end--)
    shorter.push(`${prefix}${words.slice(0, end).join('_')}.${name}`);
  return shorter;
}

function withoutIndex(address: string): string {
  return address.includes('[') ? address.replace(/\[[^\]]*\]/g, '') : address;
}
