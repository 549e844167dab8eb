import { z } from 'zod';
import { digestOf } from '../digest.ts';
import type { Verdict } from '../model/verdict.ts';
import type { RecordReference } from './check-run-text.ts';
import { renderJson } from './json.ts';

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const text = z.string().max(10_000);

/** What every verdict in a check run has, however much was left out of it. */
const head = z.looseObject({
  tool: z.looseObject({ version: text, rules: text, catalogue: text }),
  repository: text,
  base: text,
  head: text,
  mode: z.enum(['observe', 'enforce']),
  conclusion: z.enum(['success', 'action_required', 'failure']),
  applicable: z.boolean(),
  title: text,
  digest: sha256,
  policy: z.looseObject({ origin: text, digest: text }),
});

const child = z.looseObject({ id: text, title: text, state: text, reason: z.string() });
const judgement = z.looseObject({
  state: text,
  children: z.array(z.looseObject({ ...child.shape, children: z.array(child) })),
});
/** What is counted and shown of a whole one; the rest of it is handed on as it is. */
const whole = z.looseObject({
  judgement,
  facts: z.array(z.looseObject({ deciding: z.boolean(), categories: z.array(text) })),
  questions: z.array(z.looseObject({ id: text, address: text, scope: text })),
  doubts: z.array(z.looseObject({ code: text, weight: text })),
  model: z.looseObject({ changes: z.array(z.unknown()) }),
});
const reference = z.object({ sequence: z.number().int().positive(), hash: sha256 });
const data = z.object({ record: reference.optional(), verdict: z.unknown().optional() });

export type ToldHead = Pick<
  Verdict,
  | 'tool'
  | 'repository'
  | 'base'
  | 'head'
  | 'mode'
  | 'conclusion'
  | 'applicable'
  | 'title'
  | 'digest'
  | 'policy'
>;

/** What a text of ours on a check run still says. */
export interface CheckRunText {
  readonly head: ToldHead;
  /** Only where nothing was left out and the digest in the text is that of the document. */
  readonly whole: Verdict | undefined;
  readonly record: Pick<RecordReference, 'sequence' | 'hash'> | undefined;
}

export type ReadText = CheckRunText | { readonly why: string };

const DIGEST = /^Digest of the verdict as `[^`]*` writes it: `(sha256:[0-9a-f]{64})`\.$/m;
const LEFT_OUT = /^Left out here, but not in that digest: /m;
const FENCED = /^(`{3,})json\n([^]*?)\n\1$/m;

/**
 * The other way round of `renderText`. That a digest fits says that nothing was altered on the way, and not who wrote it: that
 * is for GitHub to say. Takes any text and never throws.
 */
export function readCheckRunText(written: string): ReadText {
  const stated = DIGEST.exec(written)?.[1];
  const json = FENCED.exec(written)?.[2];
  if (stated === undefined || json === undefined) return { why: 'has no verdict in its text' };
  const found = parsed(json);
  const top = head.safeParse(found?.verdict);
  if (!found || !top.success) return { why: 'has a verdict in its text that cannot be read' };
  const told = top.data as unknown as ToldHead;
  const { record } = found;
  if (LEFT_OUT.test(written)) return { head: told, whole: undefined, record };
  const verdict = readVerdict(found.verdict);
  if (!verdict) return { why: 'has a verdict in its text that cannot be read' };
  return digestOf(renderJson(verdict)) === stated
    ? { head: told, whole: verdict, record }
    : { why: 'has a verdict in its text that is not the one its digest names' };
}

/** Checked as far as it is used: a verdict of another version may have more. */
export function readVerdict(document: unknown): Verdict | undefined {
  const read = head.safeParse(document).success ? whole.safeParse(document) : undefined;
  return read?.success === true ? (document as Verdict) : undefined;
}

function parsed(json: string): z.infer<typeof data> | undefined {
  try {
    return data.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
