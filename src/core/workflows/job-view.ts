import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { contextsIn, expressionsIn } from '../syntax/workflow-expression.ts';
import { isAttackerContext, scriptInputsOf } from '../semantics/supply-chain.ts';
import { at, entries, get, items, text, truth } from '../values/value.ts';

/** An action that a job uses, a reusable workflow it calls, or a container image it runs as a step. */
export interface UsedAction {
  /** Lower case, without version: `actions/checkout`, `./build`, `docker://alpine:3`. */
  readonly name: string;
  readonly ref?: string;
  readonly reusable: boolean;
  readonly with: Value | undefined;
  /** Whether its failure stops the job. */
  readonly required: boolean;
  readonly line: number;
}

export interface Script {
  readonly text: string;
  readonly required: boolean;
  readonly line: number;
}

/** What is security-relevant about a job or a composite action, as plain data. */
export interface JobView {
  readonly resource: Resource;
  /** Secret names with the line of their first mention; `*` for all of them. */
  readonly secrets: ReadonlyMap<string, number>;
  readonly actions: readonly UsedAction[];
  readonly scripts: readonly Script[];
  readonly labels: readonly string[];
  readonly environment?: string;
}

export function viewJob(resource: Resource): JobView {
  const { values } = resource;
  const environment = text(get(values, 'environment'));
  return {
    resource,
    secrets: new Map(
      items(get(values, 'secrets')).flatMap((v) =>
        text(v) === undefined ? [] : [[text(v) ?? '', v.line] as const],
      ),
    ),
    actions: items(get(values, 'uses')).map(usedAction),
    scripts: items(get(values, 'run')).map(script),
    labels: items(get(values, 'runs-on')).flatMap((v) => text(v) ?? []),
    ...(environment === undefined ? {} : { environment }),
  };
}

function usedAction(v: Value): UsedAction {
  const ref = text(get(v, 'ref'));
  return {
    name: (text(get(v, 'uses')) ?? '').toLowerCase(),
    ...(ref === undefined ? {} : { ref }),
    reusable: get(v, 'reusable') !== undefined,
    with: get(v, 'with'),
    required: isRequired(v),
    line: v.line,
  };
}

const script = (v: Value): Script => ({
  text: text(get(v, 'run')) ?? '',
  required: isRequired(v),
  line: get(v, 'run')?.line ?? v.line,
});

function isRequired(step: Value): boolean {
  const condition = (text(get(step, 'if')) ?? '').replace(/[${}\s]/g, '');
  return truth(get(step, 'continue-on-error')) !== true && condition !== 'false';
}

/** Everything a job runs as a program: its scripts and the program-valued inputs of its actions. */
export function programs(job: JobView): readonly Script[] {
  const inputs = job.actions.flatMap((a) =>
    scriptInputsOf(a.name).flatMap((input) => {
      const found = entries(a.with).find((e) => e.key.toLowerCase() === input);
      const written = text(found?.value);
      return found && written !== undefined
        ? [{ text: written, required: a.required, line: found.value.line }]
        : [];
    }),
  );
  return [...job.scripts, ...inputs];
}

/** Contexts under outsiders' control that are pasted into a program, with the line of the program. */
export function injections(job: JobView): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const p of programs(job))
    for (const context of expressionsIn(p.text).flatMap(contextsIn))
      if (isAttackerContext(context) && !found.has(context)) found.set(context, p.line);
  return found;
}

const UNTRUSTED_HEAD =
  /^github\.(?:head_ref|event\.pull_request\.head\.|event\.workflow_run\.head_|event\.pull_request\.number$|event\.number$|event\.issue\.number$)/;

/** Lines on which the code of a pull request is checked out by naming its head, instead of what the event stands for. */
export function untrustedCheckouts(job: JobView): readonly number[] {
  return job.actions
    .filter((a) => a.name === 'actions/checkout')
    .flatMap((a) => {
      const named = [at(a.with, 'ref'), at(a.with, 'repository')].flatMap((v) => text(v) ?? []);
      return named
        .flatMap(expressionsIn)
        .flatMap(contextsIn)
        .some((c) => UNTRUSTED_HEAD.test(c))
        ? [a.line]
        : [];
    });
}
