import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Approvals } from '../../core/model/approval.ts';
import { UserError } from '../../review/errors.ts';

const instant = z.iso.datetime({ offset: true });

const person = z.strictObject({ id: z.string().min(1), login: z.string().min(1) });

const entry = z.strictObject({
  kind: z.enum(['approve', 'waive', 'emergency', 'revoke']),
  actor: person,
  at: instant,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a delta digest looks like sha256:<64 hex digits>'),
  eligible: z.boolean(),
  reason: z.string().exactOptional(),
  incident: z.string().exactOptional(),
  expires: instant.exactOptional(),
  target: person.exactOptional(),
  role: z.string().exactOptional(),
  facts: z.array(z.string()).exactOptional(),
});

const answer = z.strictObject({
  question: z.string().min(1),
  address: z.string(),
  scope: z.string(),
  kind: z.enum(['considered', 'open', 'control', 'ticket', 'not-applicable', 'accept']),
  actor: person,
  at: instant,
  text: z.string(),
  owner: z.string().exactOptional(),
  expires: instant.exactOptional(),
});

const schema = z.strictObject({
  entries: z.array(entry),
  answers: z.array(answer).exactOptional(),
});

/** On a laptop nobody was asked yet. */
export const NO_APPROVALS: Approvals = { entries: [] };

/** Approvals from a file, checked strictly: a misspelt key must not turn a refusal into a yes. */
export async function readApprovals(file: string, cwd: string): Promise<Approvals> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UserError(
      `The approvals file ${file} could not be read.`,
      'Check the path given with --approvals.',
      { cause },
    );
  });
  const parsed = schema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `The approvals file ${file} is not as expected: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}.`,
    'It holds { "entries": [ { "kind", "actor": { "id", "login" }, "at", "digest", "eligible" } ], "answers": [ … ] }.',
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`The approvals file ${file} is not JSON.`, 'Write it as JSON.', { cause });
  }
}
