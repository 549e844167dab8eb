/** What must hold at every moment. */
import { readExternalId } from '../../src/core/report/external-id.ts';
import type { CheckRun } from '../double/state/checks.ts';
import type { Setting } from '../service/harness.ts';
import { mayHaveBeenGreen, type Known } from './oracle.ts';
import { openPulls, pullOf, REPO } from './truth.ts';

export function violationsNow(known: Known): readonly string[] {
  return [
    ...greenWithoutProof(known),
    ...duplicateChecks(known),
    ...duplicateComments(known),
    ...touchedOthers(known),
  ];
}

/** By GitHub's rule: the newest run of our name on the commit. */
export function checkAt({ gh, app }: Setting, sha: string): CheckRun | undefined {
  return gh.observe.checkRuns(REPO, sha).find((r) => r.suite.app.id === app.id);
}

/** The run that speaks of this pull request; others may have the same commit. */
export function ownCheck({ gh, app }: Setting, number: number): CheckRun | undefined {
  const { headSha } = gh.observe.pull({ repo: REPO, number });
  return gh.observe
    .allCheckRuns(REPO, headSha)
    .find((r) => r.suite.app.id === app.id && readExternalId(r.externalId)?.subject === `pull/${number}`);
}

/**
 * A change is green only when it touches nothing, or somebody independent and named said yes to this very content. What the
 * head has been since it was pushed counts, and so does another pull request with the same commit: GitHub shows its check
 * until we have looked. Rules that only observe let everything through, and may have been seen last.
 */
export function greenWithoutProof(known: Known): readonly string[] {
  const { truth, setting } = known;
  if (truth.rules.some((r) => r.kind === 'observe')) return [];
  return openPulls(setting, truth).flatMap((number) => {
    const { headSha } = pullOf(setting, number);
    if (checkAt(setting, headSha)?.conclusion !== 'success') return [];
    const proven = truth.pulls.some((n) =>
      [...(truth.contents.get(n)?.get(headSha) ?? [])].some((content) => mayHaveBeenGreen(known, n, content)),
    );
    const been = [...(truth.contents.get(number)?.get(headSha) ?? [])];
    return proven
      ? []
      : [`#${number} is green with ${been.join(', ')}, and nobody independent said yes to it`];
  });
}

function duplicateChecks({ setting }: Known): readonly string[] {
  const { gh, app } = setting;
  const seen = new Map<string, number>();
  for (const run of gh.world.checkRuns.values()) {
    if (run.suite.app.id !== app.id) continue;
    const key = `${run.headSha} ${readExternalId(run.externalId)?.subject ?? 'of nothing'}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].filter(([, count]) => count > 1).map(([key, count]) => `${count} check runs for ${key}`);
}

function duplicateComments({ setting, truth }: Known): readonly string[] {
  return truth.pulls.flatMap((number) => {
    const markers = setting.gh.observe
      .reviewComments({ repo: REPO, number })
      .filter((c) => c.author.type === 'Bot' && c.replyTo === undefined)
      .flatMap((c) => /component=\w+/.exec(c.body) ?? []);
    return markers.length === new Set(markers).size ? [] : [`#${number} has the same comment twice`];
  });
}

/** Ours are the review comments; we write no other comments, and nobody else's is edited by us. */
function touchedOthers({ setting, truth }: Known): readonly string[] {
  return truth.pulls.flatMap((number) => {
    const place = { repo: REPO, number };
    const said = setting.gh.observe.comments(place).filter((c) => c.author.type === 'Bot');
    const edited = setting.gh.observe
      .reviewComments(place)
      .filter((c) => c.author.type !== 'Bot' && c.editor?.type === 'Bot');
    return [...said, ...edited].map(
      () => `#${number}: somebody else's comments, or the conversation, were touched`,
    );
  });
}
