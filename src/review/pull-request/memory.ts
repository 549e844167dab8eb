import { z } from 'zod';
import type { Account } from '../../core/model/account.ts';
import type { PullRequestState } from '../hosting.ts';

const account = z.object({
  id: z.string(),
  login: z.string(),
  kind: z.enum(['user', 'bot', 'organisation']),
});

const schema = z.object({
  /** Whoever was seen pushing, once each, and the head they pushed last. Nobody is ever forgotten: they are few. */
  pushers: z.array(account.extend({ head: z.string() })),
  /**
   * Whoever was seen to have written or committed a part of it, once for each base branch it had: a branch that is rewritten
   * does not make them forgotten, and against another base other commits are a part of it. `commit`: one of theirs, before all
   * one that is a part of it no more. The older memories hold none.
   */
  writers: z.array(account.extend({ base: z.string(), commit: z.string() })).default([]),
  /** Somebody who had a hand in it may be missing above, for ever: nobody can be shown to be independent any more. */
  forgetful: z.literal(true).optional(),
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

const NOTHING: Memory = { pushers: [], writers: [], teams: [], heard: [] };
const MOST_HEARD = 300;
/** Anybody's address can be written into a commit. GitHub lists 250 commits, so that honest changes stay far below. */
const MOST_WRITERS = 1_000;

export function readMemory(text: string | undefined): Memory {
  if (text === undefined) return NOTHING;
  const parsed = schema.safeParse(JSON.parse(text));
  // Written by us into our own table: another shape is another version. Who had a hand in it cannot be found out again.
  return parsed.success ? parsed.data : { ...NOTHING, forgetful: true };
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

/** With whoever wrote or committed what is a part of it now. Those who are known stay; too many are owned up to. */
export function withWriters(
  memory: Memory,
  { commits, baseRef }: Pick<PullRequestState, 'commits' | 'baseRef'>,
): Memory {
  const listed = new Set(commits.map((c) => c.id));
  const all = new Map(memory.writers.map((w) => [`${w.id} ${w.base}`, w]));
  for (const { id: commit, people } of commits)
    for (const person of people) {
      const key = `${person?.id} ${baseRef}`;
      const known = all.get(key);
      if (!person || (known && !listed.has(known.commit))) continue;
      all.set(key, { id: person.id, login: person.login, kind: person.kind, base: baseRef, commit });
    }
  const writers = [...all.values()].slice(0, MOST_WRITERS);
  return { ...memory, writers, ...(all.size > MOST_WRITERS ? { forgetful: true } : {}) };
}

/** Whoever wrote a part of it as it is compared now. */
export function writersOf(memory: Memory, baseRef: string): readonly Account[] {
  return memory.writers.filter((w) => w.base === baseRef).map(({ id, login, kind }) => ({ id, login, kind }));
}

/** Whoever wrote a part of it only as it was compared before, with a commit of theirs. */
export function formerWriters(memory: Memory, baseRef: string): Memory['writers'] {
  const now = new Set(writersOf(memory, baseRef).map((w) => w.id));
  return memory.writers.filter((w) => w.base !== baseRef && !now.has(w.id));
}

/** Everybody seen pushing, when the push of this head was among what was seen; else undefined. */
export function pushersOf(memory: Memory, head: string): readonly Account[] | undefined {
  return memory.pushers.some((p) => p.head === head)
    ? memory.pushers.map(({ id, login, kind }) => ({ id, login, kind }))
    : undefined;
}
