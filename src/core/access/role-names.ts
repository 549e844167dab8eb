import type { AttributeChange } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { text } from '../values/value.ts';

/** A predefined or custom role that a setting names, and to whom if the setting says so too. */
export interface NamedRole {
  readonly role: string;
  readonly holder?: string;
  readonly system: 'google' | 'aws';
  readonly line: number;
}

/** Characters of one value that are searched. */
const SEARCHED = 20_000;
/** A predefined role has at most one dot; `ansible/roles/web` is a path, not a role. */
const ROLES =
  /(?<![\w./-])(?:(?:projects|organizations)\/[\w-]{1,60}\/)?roles\/[A-Za-z]\w{1,60}(?:\.\w{1,60})?(?![\w/-])|(?<![\w-])arn:aws[a-z-]{0,12}:iam::aws:policy\/[\w/+=,.@-]{1,120}/g;

/** Roles in one side of a changed setting: in its text, or in the key above it (`"roles/viewer" = ["group:ops"]`). */
export function rolesIn(change: AttributeChange, side: 'before' | 'after'): readonly NamedRole[] {
  const value = change[side];
  if (!value) return [];
  const written = textOf(value);
  const inText = namesIn(written).map((role) => named(role, value.line));
  if (inText.length > 0) return inText;
  const above = namesIn(change.path.replace(/\.(?=roles\/|projects\/|organizations\/|arn:)/g, ' ')).at(-1);
  return above !== undefined && written !== ''
    ? [{ ...named(above, value.line), holder: written.slice(0, 120) }]
    : [];
}

const textOf = (value: Value): string =>
  (value.kind === 'expression' ? value.text : (text(value) ?? '')).slice(0, SEARCHED);

function namesIn(written: string): readonly string[] {
  return written.includes('roles/') || written.includes(':policy/')
    ? [...new Set([...written.matchAll(ROLES)].map((m) => m[0]))]
    : [];
}

function named(role: string, line: number): NamedRole {
  return role.startsWith('arn:')
    ? {
        role: role.replace(/^arn:[^/]*:policy\/(?:service-role\/|aws-service-role\/)?/, 'policy/'),
        system: 'aws',
        line,
      }
    : { role, system: 'google', line };
}

export const keyOfRole = (r: NamedRole): string => `${r.role}\n${r.holder ?? ''}`;
