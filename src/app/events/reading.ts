import type { z } from 'zod';
import type { Signal, Work } from '../../review/work.ts';

/** Who we are on GitHub: our own doings are no news to us. */
export interface Identity {
  readonly appId: number;
  /** `threatgate[bot]`: the account that our check runs and comments belong to. */
  readonly botLogin: string;
}

/** Where to look, and what cannot be read again later. */
export interface Found {
  readonly work: Work;
  readonly signals: readonly Signal[];
}

export type Read = { readonly found: Found | undefined } | { readonly wrong: string };

/** How one kind of payload is understood. */
export type Reading = (payload: unknown, self: Identity) => Read;

/** A reading of only those fields that the schema names. `find` answers undefined when the event does not matter. */
export function reading<S extends z.ZodType>(
  schema: S,
  find: (payload: z.output<S>, self: Identity) => Found | undefined,
): Reading {
  return (payload, self) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? { found: find(parsed.data, self) } : { wrong: nameOf(parsed.error) };
  };
}

/** Names the field and what was expected, never what was there. */
function nameOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (!issue) return 'the payload is not as expected';
  const expected = issue.code === 'invalid_type' ? `no ${issue.expected}` : issue.code.replaceAll('_', ' ');
  return `${issue.path.map(String).join('.') || 'the payload'}: ${expected}`;
}
