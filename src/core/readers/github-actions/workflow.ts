import type { SourceFile } from '../../model/change.ts';
import type { Resource } from '../../model/resource.ts';
import type { Entry, Value } from '../../model/value.ts';
import { LIMITS } from '../../limits.ts';
import { blockSpan, indexLines, type LineIndex } from '../../syntax/lines.ts';
import { at, entries, entry, get, items, list, map, scalar, text } from '../../values/value.ts';
import { permissionsOf } from './permissions.ts';
import {
  inheritsSecrets,
  keep,
  keyed,
  lastLineOf,
  listEntry,
  secretList,
  stepEntries,
  usesEntries,
} from './steps.ts';

/** A workflow file → the workflow itself, one resource for each event that starts it, one for each job. */
export function readWorkflow(file: SourceFile, root: Value): Resource[] {
  const index = indexLines(file.text);
  const stem = stemOf(file.path);
  const common = { stack: 'github-actions', scope: file.path, file: file.path };
  const workflow: Resource = {
    ...common,
    address: file.path,
    type: 'workflow',
    name: stem,
    span: { startLine: 1, endLine: lastLineOf(index) },
    values: map(
      [
        ...keep(root, ['name', 'run-name', 'env', 'defaults', 'concurrency']),
        entry(
          'permissions',
          permissionsOf(get(root, 'permissions'), root.line),
          get(root, 'permissions')?.line ?? root.line,
        ),
      ],
      root.line,
    ),
    references: [],
  };
  const triggers = triggerEntries(get(root, 'on')).map((e) => ({
    ...common,
    address: `${file.path}#on.${e.key}`,
    type: 'workflow-trigger',
    name: e.key,
    span: { startLine: e.line, endLine: Math.max(e.line, blockSpan(index, e.line, e.value).endLine) },
    values: map([entry('event', scalar(e.key, e.line), e.line), ...filters(e.value)], e.line),
    references: [{ to: file.path, path: 'on' }],
  }));
  const jobs = keyed(get(root, 'jobs'))
    .slice(0, LIMITS.resources)
    .map((e): Resource => ({
      ...common,
      ...jobResource(e, root, stem, index),
      references: needs(e.value, stem, file.path),
    }));
  return [workflow, ...triggers, ...jobs];
}

/** `release.yml` → `release`. */
export const stemOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/i, '');

/** Events by name, whether they are written as a word, a list or a map. */
function triggerEntries(on: Value | undefined): readonly Entry[] {
  if (on?.kind === 'map') return keyed(on);
  return items(on).flatMap((v) => {
    const name = text(v);
    return name === undefined ? [] : [entry(name, scalar(null, v.line), v.line)];
  });
}

/** Filters of an event; the list of a `schedule` is kept under `cron`. */
function filters(value: Value): readonly Entry[] {
  if (value.kind === 'map') return entries(value);
  if (value.kind !== 'list') return [];
  const crons = value.items.flatMap((v) => get(v, 'cron') ?? []);
  return listEntry('cron', crons);
}

function needs(job: Value, stem: string, path: string): { to: string; path: string }[] {
  const others = items(get(job, 'needs')).flatMap((n) => text(n) ?? []);
  return [{ to: path, path: '' }, ...others.map((id) => ({ to: `job ${stem}.${id}`, path: 'needs' }))];
}

function jobResource(
  e: Entry,
  root: Value,
  stem: string,
  index: LineIndex,
): Pick<Resource, 'address' | 'type' | 'name' | 'span' | 'values'> {
  const job = e.value;
  const own = get(job, 'permissions');
  const shared = get(root, 'permissions');
  const permissions = permissionsOf(own ?? shared, e.line);
  const from = own ? 'job' : shared ? 'workflow' : 'default';
  const called = get(job, 'uses');
  const inherited = inheritsSecrets(job);
  const secrets = secretList(job, get(root, 'env'));
  const call: Entry[] = called
    ? listEntry('uses', [
        map(
          [
            ...usesEntries(text(called) ?? '', called.line),
            entry('reusable', scalar(true, called.line), called.line),
            ...keep(job, ['with']),
          ],
          called.line,
        ),
      ])
    : stepEntries(get(job, 'steps'));
  const environment = get(job, 'environment');
  const values = map(
    [
      ...runsOn(job),
      entry('permissions', permissions, own?.line ?? e.line),
      entry('permissions-from', scalar(from, e.line), e.line),
      ...(environment
        ? [entry('environment', get(environment, 'name') ?? environment, environment.line)]
        : []),
      ...listEntry('secrets', inherited ? [inherited, ...secrets.filter((s) => text(s) !== '*')] : secrets),
      ...call,
      ...containerEntry(get(job, 'container')),
      ...keep(job, ['name', 'services', 'if', 'strategy', 'needs', 'env', 'continue-on-error', 'outputs']),
    ],
    e.line,
  );
  return {
    address: `job ${stem}.${e.key}`,
    type: 'workflow-job',
    name: e.key,
    span: blockSpan(index, e.line, job),
    values,
  };
}

function containerEntry(container: Value | undefined): Entry[] {
  if (!container) return [];
  const value =
    container.kind === 'map' ? container : map([entry('image', container, container.line)], container.line);
  return [entry('container', value, container.line)];
}

/** Labels of the runner as a list; a runner group is the label `group:<name>`; a matrix variable gives its values. */
function runsOn(job: Value): Entry[] {
  const written = get(job, 'runs-on');
  if (!written) return [];
  const group = get(written, 'group');
  const labels = written.kind === 'map' ? items(get(written, 'labels')) : items(written);
  const all = [
    ...(group ? [scalar(`group:${text(group) ?? ''}`, group.line)] : []),
    ...labels.flatMap((label) => fromMatrix(label, job)),
  ];
  return [entry('runs-on', list(all, written.line), written.line)];
}

const MATRIX = /^\$\{\{\s{0,9}matrix\.([\w-]{1,100})\s{0,9}\}\}$/;

function fromMatrix(label: Value, job: Value): readonly Value[] {
  const variable = MATRIX.exec(text(label) ?? '')?.[1];
  if (variable === undefined) return [label];
  const listed = items(at(job, 'strategy', 'matrix', variable)).filter((v) => text(v) !== undefined);
  const included = items(at(job, 'strategy', 'matrix', 'include')).flatMap((v) => get(v, variable) ?? []);
  const all = [...listed, ...included].filter((v) => text(v) !== undefined);
  return all.length > 0 ? all : [label];
}
