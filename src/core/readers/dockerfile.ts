import type { SourceFile } from '../model/change.ts';
import type { Resource } from '../model/resource.ts';
import type { Entry, Value } from '../model/value.ts';
import type { Reader, Reading } from './reader.ts';
import { LIMITS } from '../limits.ts';
import { parseDockerfile, type DockerInstruction } from '../syntax/dockerfile.ts';
import { doubtsOf } from '../syntax/doubts.ts';
import { imageRepository, parseImage } from '../syntax/image.ts';
import { entry, list, map, scalar } from '../values/value.ts';

/** Suffixes of files that carry a Dockerfile's name and are none. */
const NOT_A_DOCKERFILE = /\.(dockerignore|md|txt|sh|ya?ml|json|rb|py|js|ts|lock)$/i;
/** A variable may be built from itself again and again; beyond this the written text is kept. */
const LONGEST_EXPANSION = 4_000;

export const reader: Reader = {
  id: 'dockerfile',
  title: 'Dockerfile',
  about:
    'Build stages of Dockerfiles and Containerfiles: base image, user, exposed ports, remote downloads, commands, environment.',
  paths: ['**/Dockerfile*', '**/*.dockerfile', '**/*.Dockerfile.*', '**/Containerfile*'],
  priority: 90,
  unit: 'file',
  recognises: (file) =>
    !NOT_A_DOCKERFILE.test(file.path) &&
    file.text.split('\n', 2_000).some((line) => /^\s{0,40}FROM\s/i.test(line.slice(0, 60))),
  read: (files) => {
    const readings = files.map(readFile);
    return { resources: readings.flatMap((r) => r.resources), doubts: readings.flatMap((r) => r.doubts) };
  },
};

type Variables = ReadonlyMap<string, string>;

/** One stage while its instructions are gathered. */
interface Stage {
  readonly from: DockerInstruction;
  readonly name?: string;
  readonly index: number;
  readonly body: DockerInstruction[];
}

function readFile(file: SourceFile): Reading {
  const { instructions, errors } = parseDockerfile(file.text);
  const globals = new Map<string, string>();
  const stages: Stage[] = [];
  for (const i of instructions) {
    if (i.keyword === 'FROM') stages.push(openStage(i, stages.length));
    else if (stages.length > 0) stages.at(-1)?.body.push(i);
    else if (i.keyword === 'ARG')
      for (const p of i.pairs) globals.set(p.name, expand(p.value ?? '', globals));
  }
  const users = new Map<string, string>();
  const resources = stages
    .slice(0, LIMITS.resources)
    .map((s) => stageResource(file.path, s, globals, users, s.index === stages.length - 1));
  return { resources, doubts: doubtsOf(file.path, 'a Dockerfile', errors) };
}

function openStage(from: DockerInstruction, index: number): Stage {
  const as = from.words[1]?.toLowerCase() === 'as' ? from.words[2] : undefined;
  return { from, index, body: [], ...(as === undefined ? {} : { name: as.toLowerCase() }) };
}

/** `users`: the user each earlier stage ends with, for stages that start from one; filled on the way. */
function stageResource(
  path: string,
  stage: Stage,
  globals: Variables,
  users: Map<string, string>,
  final: boolean,
): Resource {
  const variables = new Map<string, string>();
  const written = expand(stage.from.words[0] ?? '', globals);
  const parent = users.has(written.toLowerCase()) ? written.toLowerCase() : undefined;
  const name = stage.name ?? String(stage.index);
  const line = stage.from.line;
  const seen = gather(stage.body, variables, globals);
  const user = seen.user ?? (parent === undefined ? undefined : users.get(parent));
  users.set(name, user ?? '');
  if (stage.name !== undefined) users.set(String(stage.index), user ?? '');
  const optional = (key: string, value: Value | undefined): Entry[] =>
    value ? [entry(key, value, value.line)] : [];
  const values = map(
    [
      ...(final ? [entry('final', scalar(true, line), line)] : []),
      entry(
        'from',
        parent === undefined
          ? imageValue(written, line)
          : map([entry('stage', scalar(parent, line), line)], line),
        line,
      ),
      ...optional('user', user ? scalar(user, seen.userLine ?? line) : undefined),
      ...seen.entries,
    ],
    line,
  );
  const last = stage.body.at(-1)?.endLine ?? stage.from.endLine;
  return {
    stack: 'dockerfile',
    address: `stage ${path}#${name}`,
    scope: path,
    type: 'docker-stage',
    name,
    file: path,
    span: { startLine: line, endLine: last },
    values,
    references: parent === undefined ? [] : [{ to: `stage ${path}#${parent}`, path: 'from' }],
  };
}

function imageValue(reference: string, line: number): Value {
  const image = parseImage(reference);
  const part = (key: string, value: string | undefined): Entry[] =>
    value === undefined ? [] : [entry(key, scalar(value, line), line)];
  return map(
    [...part('image', imageRepository(image)), ...part('tag', image.tag), ...part('digest', image.digest)],
    line,
  );
}

interface Gathered {
  readonly user?: string;
  readonly userLine?: number;
  readonly entries: readonly Entry[];
}

/** Walks the instructions of a stage in order, because variables mean what was set before them. */
function gather(
  body: readonly DockerInstruction[],
  variables: Map<string, string>,
  globals: Variables,
): Gathered {
  const lists = new Map<string, Value[]>();
  const maps = new Map<string, Entry[]>();
  const singles = new Map<string, Entry>();
  const push = (key: string, ...more: readonly Value[]): void => {
    const items = lists.get(key) ?? [];
    lists.set(key, items);
    items.push(...more);
  };
  let user: { name: string; line: number } | undefined;
  for (const i of body) {
    if (i.keyword === 'USER') user = { name: expand(i.text, variables), line: i.line };
    else if (i.keyword === 'EXPOSE')
      push('expose', ...i.words.map((w) => scalar(portOf(expand(w, variables)), i.line)));
    else if (i.keyword === 'RUN') push('run', scalar(i.text, i.line));
    else if (i.keyword === 'ENTRYPOINT' || i.keyword === 'CMD' || i.keyword === 'HEALTHCHECK')
      singles.set(i.keyword.toLowerCase(), entry(i.keyword.toLowerCase(), scalar(i.text, i.line), i.line));
    else if (i.keyword === 'ADD') push('add-remote', ...remoteAdds(i, variables));
    else if (i.keyword === 'ENV' || i.keyword === 'ARG') pairs(i, variables, globals, maps);
  }
  const entries = [
    ...[...lists]
      .filter(([, items]) => items.length > 0)
      .map(([key, items]) => entry(key, list(items, items[0]?.line ?? 1), items[0]?.line ?? 1)),
    ...[...maps].map(([key, items]) => entry(key, map(items, items[0]?.line ?? 1), items[0]?.line ?? 1)),
    ...singles.values(),
  ];
  return { entries, ...(user ? { user: user.name, userLine: user.line } : {}) };
}

function pairs(
  i: DockerInstruction,
  variables: Map<string, string>,
  globals: Variables,
  maps: Map<string, Entry[]>,
): void {
  const key = i.keyword.toLowerCase();
  const all = maps.get(key) ?? [];
  maps.set(key, all);
  for (const p of i.pairs) {
    const value = p.value === undefined ? globals.get(p.name) : expand(p.value, variables);
    if (value !== undefined) variables.set(p.name, value);
    all.push(entry(p.name, scalar(p.value ?? null, p.line), p.line));
  }
}

/** Sources of ADD that come from the network, each with whether a checksum or a commit fixes what arrives. */
function remoteAdds(i: DockerInstruction, variables: Variables): Value[] {
  const checksum = i.flags.some((f) => f.name === 'checksum' && f.value !== '');
  return i.words.slice(0, -1).flatMap((word) => {
    const url = expand(word, variables);
    if (!/^(https?|git|ftp):\/\/|^git@/i.test(url)) return [];
    return [
      map(
        [entry('url', scalar(url, i.line), i.line), entry('verified', scalar(checksum, i.line), i.line)],
        i.line,
      ),
    ];
  });
}

/** `8080` and `8080/TCP` → `8080/tcp`. */
function portOf(word: string): string {
  const lower = word.toLowerCase();
  return lower.includes('/') ? lower : `${lower}/tcp`;
}

/** Replaces `$X`, `${X}` and `${X:-default}` by what is known; the unknown stays as it is written. */
function expand(text: string, variables: Variables): string {
  if (!text.includes('$')) return text;
  const out = text.replace(
    /\$(?:\{(\w{1,200})(?:(:?[-+])([^{}$]{0,500}))?\}|([A-Za-z_]\w{0,200}))/g,
    (all, braced, op, other, plain) => {
      const known = variables.get(String(braced ?? plain));
      if (op === '-' || op === ':-')
        return known === undefined || (known === '' && op === ':-') ? String(other) : known;
      if (op === '+' || op === ':+') return known === undefined || known === '' ? '' : String(other);
      return known === undefined || known === '' ? all : known;
    },
  );
  return out.length > LONGEST_EXPANSION ? text : out;
}
