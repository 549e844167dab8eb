import { z } from 'zod';
import type { Account } from '../../core/model/account.ts';

const account = z.object({
  id: z.string(),
  login: z.string(),
  kind: z.enum(['user', 'bot', 'organisation']),
});

const schema = z.object({
  /** Whoever was seen pushing, once each, and the head they pushed last. Nobody is ever forgotten. */
  pushers: z.array(account.extend({ head: z.string() })),
  /** Teams that the policy last named: asked for together with the state. */
  teams: z.array(z.string()),
  /** Remarks that asked for a look or for help: `comment/12`. They leave no record, and are obeyed once. */
  heard: z.array(z.string()),
  /** Who asked last for help, and at which head. */
  help: z.object({ account, head: z.string() }).optional(),
  /** GitHub's `updatedAt` at the last look: another one tells the sweep that something was said which no event told. */
  updatedAt: z.string().optional(),
  /** Digest of the rules that it was judged by: others than today's tell the sweep to look again. */
  rules: z.string().optional(),
  /** When something that was granted for a time runs out. */
  until: z.string().optional(),
});

/** What one look tells the next. Bounded: old entries give way. */
export type Memory = z.infer<typeof schema>;

const NOTHING: Memory = { pushers: [], teams: [], heard: [] };
const MOST_HEARD = 300;

export function readMemory(text: string | undefined): Memory {
  if (text === undefined) return NOTHING;
  const parsed = schema.safeParse(JSON.parse(text));
  // Written by us into our own table: another shape is another version, and forgetting costs a request or two.
  return parsed.success ? parsed.data : NOTHING;
}

export function writeMemory(memory: Memory): string {
  return JSON.stringify({
    ...memory,
    heard: memory.heard.slice(-MOST_HEARD),
  });
}

export function withPusher(memory: Memory, by: Account, head: string): Memory {
  const pusher = { id: by.id, login: by.login, kind: by.kind, head };
  return { ...memory, pushers: [...memory.pushers.filter((p) => p.id !== by.id), pusher] };
}

/** Everybody seen pushing, when the push of this head was among what was seen; else undefined. */
export function pushersOf(memory: Memory, head: string): readonly Account[] | undefined {
  return memory.pushers.some((p) => p.head === head)
    ? memory.pushers.map(({ id, login, kind }) => ({ id, login, kind }))
    : undefined;
}
