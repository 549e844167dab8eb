import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setOutput } from '@actions/core';
import { canonicalJson, digestOf } from '../core/digest.ts';
import { ruleText } from '../core/explain/rules.ts';
import type { RecordDraft } from '../core/model/record.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { renderJson } from '../core/report/json.ts';
import { renderSarif } from '../core/report/sarif.ts';
import { UserError } from '../review/errors.ts';
import type { Context } from './context.ts';

/**
 * Writes what the next steps of the workflow may want, and names it in the outputs: the verdict as the App and the command line
 * give it, SARIF for code scanning, and who said what as evidence.
 */
export async function hand(
  verdict: Verdict,
  said: readonly RecordDraft[],
  about: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<void> {
  const folder = resolve(context.inputs.output ?? join(context.surroundings.temporary, 'threatgate'));
  const path = (name: string): string => join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path('verdict.json'), renderJson(verdict));
    await writeFile(path('threatgate.sarif'), renderSarif(verdict, ruleText));
    await writeFile(path('evidence.json'), evidence(verdict, said, about, context));
  } catch (cause) {
    throw new UserError(
      `The results could not be written to ${folder}.`,
      'Choose another folder with `output`.',
      { cause },
    );
  }
  setOutput('conclusion', verdict.conclusion);
  setOutput('digest', verdict.digest);
  setOutput('facts', verdict.facts.filter((f) => f.deciding).length);
  setOutput('verdict', path('verdict.json'));
  setOutput('sarif', path('threatgate.sarif'));
  setOutput('evidence', path('evidence.json'));
}

/** Version of `evidence.json`, `MAJOR.MINOR`. */
const EVIDENCE_SCHEMA = '1.0';

function evidence(
  verdict: Verdict,
  said: readonly RecordDraft[],
  about: Readonly<Record<string, unknown>>,
  { surroundings: { repository, event, run }, deps }: Context,
): string {
  const { conclusion, title, digest, base, head, mode, policy, tool } = verdict;
  return `${JSON.stringify(
    {
      schema: EVIDENCE_SCHEMA,
      kind: 'threatgate-action-run',
      repository,
      at: deps.now(),
      run: { event, ...run },
      ...about,
      verdict: { sha256: digestOf(canonicalJson(verdict)), conclusion, title, digest, base, head, mode },
      policy,
      tool,
      said,
    },
    undefined,
    2,
  )}\n`;
}
