import { canonicalJson, digestOf } from '../core/digest.ts';
import type { Json, RecordDraft } from '../core/model/record.ts';
import { explained, tokenOptions, type Environment } from '../github/environment.ts';
import { viewerOf } from '../github/viewer.ts';
import { clientWithToken } from '../github/with-token.ts';
import { UserError } from '../review/errors.ts';
import type { Document } from '../review/store.ts';
import { openToRecord } from '../store/open-to-write.ts';
import type { Place } from '../store/place.ts';
import { RIGHTS, type Answer } from './reconcile.ts';
import { countsOf, documentOf } from './render.ts';

/** Puts on record that somebody compared, and what came of it. Throws `UserError` where that cannot be written. */
export async function recordAnswers(
  place: Place,
  answers: readonly Answer[],
  env: Environment,
): Promise<void> {
  const [first] = answers;
  if (!first) return;
  const client = clientWithToken(tokenOptions(env, () => new Date(first.at), RIGHTS));
  const viewer = await viewerOf(client).catch((error: unknown) => {
    throw explained(error);
  });
  const made = answers.map((answer) => recordOf(answer, viewer && { ...viewer, role: 'compared it' }));
  const recorder = await openToRecord(place);
  try {
    await recorder.append(
      made.map(({ record }) => record),
      made.map(({ document }) => document),
    );
  } catch (cause) {
    throw new UserError(
      'What was compared could not be put on record.',
      'Check that you may write to the database. Nothing of it is on record; leave out --record to compare alone.',
      { cause },
    );
  } finally {
    await recorder.close();
  }
}

/** Named by what it says and when it was asked: comparing again is another comparison. */
export function recordOf(
  answer: Answer,
  actor: RecordDraft['actor'],
): { readonly record: RecordDraft; readonly document: Document } {
  const { repository, branch, period, at, found, walk } = answer;
  const text = canonicalJson(documentOf(answer));
  const digest = digestOf(text);
  const record: RecordDraft = {
    kind: 'reconciled',
    repository,
    at,
    source: `reconciled/${digest}`,
    ...(actor ? { actor } : {}),
    details: {
      branch,
      ...period,
      counts: countsOf(answer) satisfies Json,
      leftovers: found.unrecorded.length + found.missing.length,
      complete: walk.end !== 'bound' && found.unreached.length === 0,
      document: digest,
    },
  };
  return { record, document: { digest, kind: 'reconciliation', text } };
}
