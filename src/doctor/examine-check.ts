import { count } from '../core/report/outline.ts';
import type { RequiredCheck, Rules } from '../core/model/branch-rules.ts';
import type { SeenCheck } from '../github/seen-checks.ts';
import { isOurs, isOursByFile, OUR_NAME } from './expectation.ts';
import { findingsAbout, listed, quoted, type Finding } from './finding.ts';
import type { Setting } from './setting.ts';

const finding = findingsAbout('check');

/** GitHub's own App, in whose name workflows report; on other servers it has another number but the same short name. */
const ACTIONS = { id: 15_368, slug: 'github-actions' };
/** GitHub offers a check for selection that was completed within this time. */
const WEEK_MS = 7 * 24 * 3_600_000;

/** Whether our check is required, from where, and whether anybody reports it. */
export function examineCheck(setting: Setting): readonly Finding[] {
  const required = distinct(setting.rules.rules.flatMap((each) => each.checks)).filter(({ name }) =>
    isOurs(name, setting.expected),
  );
  const workflows = requiredWorkflows(setting.rules.rules, setting);
  if (required.length === 0)
    return workflows.length > 0
      ? [workflowRequired(workflows)]
      : [notRequired(setting), ...reportedAnyway(setting)];
  return [
    ...required.flatMap((each) => [
      finding('check-required', 'good', `The check ${quoted(each.name)} is required.`),
      ...sourceOf(each, setting),
      ...seenOf(each, setting),
    ]),
    ...(workflows.length > 0 ? [workflowRequired(workflows)] : []),
  ];
}

/** The same name may be demanded by several rulesets; one that names its source is as strict as all of them together. */
function distinct(checks: readonly RequiredCheck[]): readonly RequiredCheck[] {
  const pinned = new Set(checks.filter((c) => c.source !== undefined).map((c) => c.name));
  const kept = checks.filter((c) => c.source !== undefined || !pinned.has(c.name));
  return [...new Map(kept.map((c) => [JSON.stringify([c.name, c.source ?? null]), c])).values()];
}

function requiredWorkflows(rules: readonly Rules[], { expected }: Setting): readonly string[] {
  const files = rules.flatMap((each) => each.workflows);
  return expected.check === undefined ? [...new Set(files.filter(isOursByFile))] : [];
}

const workflowRequired = (files: readonly string[]): Finding =>
  finding(
    'workflow-required',
    'note',
    `The workflow ${listed(files)} is required, and runs as it is in its own repository.`,
    'Nobody can imitate it from a pull request. GitHub does not run it again for a review: after an approval somebody has to.',
  );

function notRequired({ branch, expected, rules }: Setting): Finding {
  const others = [...new Set(rules.rules.flatMap((each) => each.checks.map((c) => c.name)))];
  const wanted = expected.check ?? OUR_NAME;
  return finding(
    'check-not-required',
    'problem',
    expected.check === undefined
      ? `No check of Threatgate is required on ${quoted(branch)}.`
      : `The check ${quoted(expected.check)} is not required on ${quoted(branch)}.`,
    `Whatever it says, a change can be merged.${others.length > 0 ? ` Required instead: ${listed(others)}.` : ''}`,
    `In a ruleset of the branch, under “Require status checks to pass”, add ${quoted(wanted)} with its App as the source.${expected.check === undefined ? ' A check of another name is given with `--check`.' : ''}`,
  );
}

/** It works, it only does not count: whoever sets the rule up can be told what to choose. */
function reportedAnyway(setting: Setting): readonly Finding[] {
  if (setting.seen.kind === 'hidden') return [NOT_VISIBLE];
  const found = setting.seen.runs.filter(
    (run) => run.completedAt !== undefined && isOurs(run.name, setting.expected),
  );
  if (found.length === 0) return [neverSeen(setting.expected.check ?? OUR_NAME, setting.seen.commits)];
  return [...new Map(found.map((run) => [`${run.app?.id ?? 0} ${run.name}`, run])).values()].map((run) =>
    finding(
      'check-seen',
      'note',
      `The check ${quoted(run.name)} is reported by ${appName(run.app)}${isRecent(run, setting.now) ? '' : ', but not within the last seven days'}.`,
      isRecent(run, setting.now) ? undefined : NOT_OFFERED,
    ),
  );
}

function sourceOf(required: RequiredCheck, { expected, seen }: Setting): readonly Finding[] {
  const { name, source } = required;
  if (source === undefined) return [unpinned(name, expected.app)];
  const known = seen.kind === 'seen' ? seen.runs.find((run) => run.app?.id === source)?.app : undefined;
  const shown = appName(known ?? { id: source, name: '', slug: '' });
  if (expected.app !== undefined && expected.app !== source) return [wrongSource(name, shown, expected.app)];
  if (source !== ACTIONS.id && known?.slug !== ACTIONS.slug)
    return [
      finding(
        'check-pinned',
        'good',
        `The check ${quoted(name)} counts from ${shown} alone${expected.app === undefined ? '' : ', which is the App you named'}.`,
      ),
      ...(expected.app === undefined && known === undefined ? [unverified(name, source)] : []),
    ];
  if (name === OUR_NAME) return [actionsForApp(name)];
  return [
    finding('check-pinned', 'good', `The check ${quoted(name)} counts from ${shown} alone.`),
    finding(
      'check-imitable',
      'note',
      `Any workflow of this repository can report a check called ${quoted(name)}.`,
      'GitHub Actions is one source, whichever workflow speaks. A pull request runs workflows as it has them.',
      'Let code owners review `.github/workflows`, or use the App, or a required workflow.',
    ),
  ];
}

const unpinned = (name: string, app: number | undefined): Finding =>
  finding(
    'check-unpinned',
    'problem',
    `The check ${quoted(name)} counts from any source.`,
    'Whoever may push can report a check of this name, and turn a blocked change green.',
    `In the ruleset, choose a source for it: ${app === undefined ? 'the App, or GitHub Actions where the Action is the gate' : `the App ${app}`}.`,
  );

const wrongSource = (name: string, shown: string, app: number): Finding =>
  finding(
    'check-pinned-elsewhere',
    'problem',
    `The check ${quoted(name)} counts from ${shown} alone, not from the App ${app}.`,
    'What your App reports does not count, and somebody else’s word does.',
    'In the ruleset, choose your App as its source.',
  );

const actionsForApp = (name: string): Finding =>
  finding(
    'check-from-actions',
    'problem',
    `The check ${quoted(name)} counts from GitHub Actions, not from the App.`,
    'Whoever may push can report a check of this name with a workflow, and turn a blocked change green. What the App reports does not count.',
    'In the ruleset, choose the App as its source. If the Action is the gate, give its job a name of its own, and require that.',
  );

const unverified = (name: string, source: number): Finding =>
  finding(
    'check-source-not-verified',
    'note',
    `Whether the App ${source} is your Threatgate could not be seen: none of the commits that were looked at has ${quoted(name)} from it.`,
    undefined,
    'Compare it with the number of your App, `APP_ID`, or ask again with `--app-id`.',
  );

const NOT_VISIBLE = finding(
  'checks-not-visible',
  'note',
  'Whether the check was ever reported could not be seen with this token.',
  undefined,
  'Ask with a token that has `checks: read` and `pull requests: read`.',
);

const NOT_OFFERED =
  'GitHub offers only checks for selection that were completed within seven days; the name can still be typed.';

function seenOf({ name, source }: RequiredCheck, { seen, now }: Setting): readonly Finding[] {
  if (seen.kind === 'hidden') return [NOT_VISIBLE];
  const runs = seen.runs.filter((run) => run.name === name);
  const ours = runs.filter((run) => source === undefined || run.app?.id === source);
  const done = ours.filter((run) => run.completedAt !== undefined);
  const newest = done.toSorted((a, b) => ((a.completedAt ?? '') < (b.completedAt ?? '') ? 1 : -1))[0];
  if (newest)
    return [
      finding(
        'check-seen',
        isRecent(newest, now) ? 'good' : 'note',
        `The check ${quoted(name)} was reported by ${appName(newest.app)}, last at ${newest.completedAt ?? ''}.`,
        isRecent(newest, now) ? undefined : 'That is more than seven days ago; see that it still is.',
      ),
    ];
  if (ours.length > 0)
    return [finding('check-pending', 'note', `The check ${quoted(name)} was begun, but not completed yet.`)];
  if (runs.length > 0) return [otherReports(name, source ?? 0, runs)];
  return [neverSeen(name, seen.commits)];
}

const otherReports = (name: string, source: number, runs: readonly SeenCheck[]): Finding =>
  finding(
    'check-from-another',
    'problem',
    `The check ${quoted(name)} is reported by ${appName(runs[0]?.app)}, but only the App ${source} counts.`,
    'Every pull request waits for a check that does not come; or somebody imitates it.',
    'Choose the source that reports it in the ruleset, if it is yours.',
  );

const neverSeen = (name: string, commits: number): Finding =>
  commits === 0
    ? finding('check-not-seen', 'note', `There is no commit yet at which ${quoted(name)} could be seen.`)
    : finding(
        'check-not-seen',
        'warning',
        `The check ${quoted(name)} was not found: looked at were the newest commit of the branch and the heads of the pull requests that changed last (${count(commits, 'commit')}).`,
        'If nobody reports it, every pull request waits for ever where it is required.',
        'Open a pull request and see whether it comes. If it does not: the App has to be installed here and its service to run, or the workflow to be on the default branch.',
      );

function appName(app: SeenCheck['app']): string {
  if (!app) return 'an App that is gone';
  if (app.slug === ACTIONS.slug || app.id === ACTIONS.id) return `GitHub Actions (${app.id})`;
  return app.name === '' ? `the App ${app.id}` : `the App ${quoted(app.name)} (${app.id})`;
}

function isRecent({ completedAt }: SeenCheck, now: string): boolean {
  return Date.parse(completedAt ?? '') > Date.parse(now) - WEEK_MS;
}
