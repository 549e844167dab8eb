import { fileSubject, folderOf } from '../facts/file-subject.ts';
import { makeDeltaFact, makeFact, subject } from '../facts/make-fact.ts';
import type { ChangedFile, Content } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { canonical } from '../values/canonical.ts';
import { show } from '../values/value.ts';
import type { Detector, Rule } from './detector.ts';

const rule = (name: string, title: string, why: string): Rule => ({
  id: `governance/${name}`,
  title,
  why,
  categories: ['ci-supply-chain'],
});

/** Edits of what governs the gate itself: its policy, who owns what, how branches are protected. */
export const detector: Detector = {
  id: 'governance',
  title: 'Governance',
  rules: [
    rule(
      'policy',
      'The policy of this gate changed',
      'The rules that decide about later changes are edited; a change cannot be its own judge.',
    ),
    rule('owners', 'Code owners changed', 'Who must look at a path decides who can let a change through.'),
    rule(
      'protection',
      'Branch protection changed',
      'Required checks and reviews are what makes this gate binding.',
    ),
  ],
  detect: ({ change, deltas }) => [...change.files.flatMap(fileFact), ...deltas.flatMap(protectionFact)],
};

/** One meaning-bearing line of a governing file: what it is about, and what it says. */
interface Clause {
  readonly about: string;
  readonly says: string;
  readonly line: number;
}

interface Kind {
  readonly rule: string;
  readonly what: string;
  readonly paths: RegExp;
  readonly clauses: (text: string) => readonly Clause[];
}

const KINDS: readonly Kind[] = [
  {
    rule: 'governance/policy',
    what: 'The policy of this gate',
    paths: /^\.github\/threatgate\.ya?ml$/i,
    clauses: settings,
  },
  {
    rule: 'governance/owners',
    what: 'The code owners',
    paths: /^(?:\.github\/|docs\/|\.gitlab\/)?CODEOWNERS$/i,
    clauses: owners,
  },
  {
    rule: 'governance/protection',
    what: 'The repository settings',
    paths: /^\.github\/(?:settings\.ya?ml|rulesets\/[^/]+\.(?:json|ya?ml))$/i,
    clauses: protections,
  },
];

function fileFact(file: ChangedFile): readonly Fact[] {
  const kind = KINDS.find((k) => k.paths.test(file.path));
  if (!kind) return [];
  const [before, after] = [clausesOf(kind, file.base), clausesOf(kind, file.head)];
  if (before === undefined || after === undefined)
    return [factOf(kind, file, 'was changed in a way that could not be compared', undefined, undefined)];
  const gone = minus(before, after);
  const come = minus(after, before);
  if (gone.length + come.length === 0)
    return kind.rule === 'governance/owners' && !sameOrder(before, after)
      ? [
          factOf(
            kind,
            file,
            'has its rules in another order, and the last that matches wins',
            undefined,
            undefined,
          ),
        ]
      : [];
  return [factOf(kind, file, say(gone, come), gone, come)];
}

/** Nothing for a file that is not there, undefined for one that cannot be read. */
function clausesOf(kind: Kind, content: Content | undefined): readonly Clause[] | undefined {
  if (!content) return [];
  return content.kind === 'text' ? kind.clauses(content.text) : undefined;
}

function minus(these: readonly Clause[], those: readonly Clause[]): readonly Clause[] {
  const known = new Set(those.map((c) => `${c.about}\n${c.says}`));
  return these.filter((c) => !known.has(`${c.about}\n${c.says}`));
}

const sameOrder = (x: readonly Clause[], y: readonly Clause[]): boolean =>
  x.map((c) => c.about).join('\n') === y.map((c) => c.about).join('\n');

const SAID = 4;

function say(gone: readonly Clause[], come: readonly Clause[]): string {
  const was = new Map(gone.map((c) => [c.about, c.says]));
  const now = new Map(come.map((c) => [c.about, c.says]));
  const names = [...new Set([...now.keys(), ...was.keys()])];
  const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
  const parts = names.slice(0, SAID).map((about) => {
    const [x, y] = [was.get(about), now.get(about)];
    if (x === undefined) return `\`${cut(about)}\` added (${cut(y ?? '')})`;
    return y === undefined
      ? `\`${cut(about)}\` removed (${cut(x)})`
      : `\`${cut(about)}\` from ${cut(x)} to ${cut(y)}`;
  });
  return `changed: ${parts.join('; ')}${names.length > SAID ? `; and ${names.length - SAID} more` : ''}`;
}

function factOf(
  kind: Kind,
  file: ChangedFile,
  said: string,
  gone: readonly Clause[] | undefined,
  come: readonly Clause[] | undefined,
): Fact {
  const side =
    file.head && ((come?.length ?? 0) > 0 || !file.base || (gone?.length ?? 0) === 0) ? 'head' : 'base';
  const shown = side === 'head' ? come?.[0] : gone?.[0];
  return makeFact({
    rule: kind.rule,
    kind: 'policy-changed',
    categories: ['ci-supply-chain'],
    signals: ['policy-file-changed'],
    resource: fileSubject({
      stack: 'governance',
      type: 'governance-file',
      address: file.path,
      scope: folderOf(file.path),
      file: file.path,
    }),
    side,
    line: shown?.line ?? 1,
    statement:
      file.status === 'removed'
        ? `${kind.what} in \`${file.path}\` is removed`
        : `${kind.what} in \`${file.path}\` ${said}`,
    deciding: true,
  });
}

/** Settings down to the third level; deeper ones count as part of theirs. */
function settings(text: string): readonly Clause[] {
  const read = parseYaml(text);
  const out: Clause[] = read.documents.flatMap((d) => (d.value ? leaves(d.value, '', 0) : []));
  return read.errors.length > 0
    ? [...out, { about: 'unreadable text', says: text.trim(), line: read.errors[0]?.line ?? 1 }]
    : out;
}

function leaves(value: Value, path: string, depth: number): readonly Clause[] {
  if (value.kind === 'map' && value.entries.length > 0 && depth < 3)
    return value.entries.flatMap((e) => leaves(e.value, path ? `${path}.${e.key}` : e.key, depth + 1));
  return [
    {
      about: path,
      says: value.kind === 'map' ? canonical(value, 'written') : show(value, 2_000),
      line: value.line,
    },
  ];
}

/** Of the settings of a repository only those that protect it: labels and descriptions are nobody's boundary. */
function protections(text: string): readonly Clause[] {
  const guarded =
    /^(?:branches|rulesets|rules|enforcement|bypass_actors|conditions|target|collaborators|teams|environments|repository\.(?:private|visibility|allow_|default_branch|enable_|security|delete_branch))/i;
  return settings(text).filter(
    (c) => guarded.test(c.about) || c.about === 'unreadable text' || c.about === '',
  );
}

/** `pattern → owners`; comments, order of owners and white space do not count. */
function owners(text: string): readonly Clause[] {
  return text.split(/\r?\n/).flatMap((raw, i) => {
    const words = raw
      .replace(/(^|\s)#.*$/, '')
      .split(/\s+/)
      .filter(Boolean);
    const [about, ...who] = words;
    return about === undefined
      ? []
      : [
          {
            about,
            says:
              who.length > 0
                ? who
                    .map((w) => w.toLowerCase())
                    .sort()
                    .join(' ')
                : 'nobody',
            line: i + 1,
          },
        ];
  });
}

const PROTECTION_TYPES =
  /^(?:github_branch_protection(?:_v3)?|github_(?:repository|organization)_ruleset|github_branch_default|gitlab_branch_protection|gitlab_project_approval_rule|github_repository_environment(?:_deployment_policy)?)$/;

/** Branch protection declared as a resource. */
function protectionFact(delta: ResourceDelta): readonly Fact[] {
  const { type, address } = subject(delta);
  if (
    !PROTECTION_TYPES.test(type) ||
    (delta.kind !== 'added' && delta.kind !== 'removed' && delta.changes.length === 0)
  )
    return [];
  const changed = [...new Set(delta.changes.map((c) => c.path))].sort();
  const what =
    delta.kind === 'added'
      ? 'is new'
      : delta.kind === 'removed'
        ? 'is removed'
        : `changed: ${changed.slice(0, 6).join(', ')}`;
  return [
    makeDeltaFact(delta, {
      rule: 'governance/protection',
      kind: 'policy-changed',
      categories: ['ci-supply-chain'],
      signals: [
        'policy-file-changed',
        ...(delta.kind === 'removed' ? (['guardrail-loosened'] as const) : []),
      ],
      ...(delta.kind === 'changed' || delta.kind === 'moved' ? { change: delta.changes[0] } : {}),
      statement: `The branch protection \`${address}\` ${what}`,
      deciding: true,
    }),
  ];
}
