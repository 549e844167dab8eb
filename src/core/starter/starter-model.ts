import { questionsOf } from '../catalogue/questions.ts';
import type { Graph } from '../graph/graph.ts';
import type { ElementKind, Fact } from '../model/fact.ts';
import type { Question } from '../model/question.ts';
import type { Resource } from '../model/resource.ts';
import { code, markdown } from '../report/escape.ts';
import { nameOf } from '../report/snippets.ts';

export interface StarterInput {
  /** Name of the system, for the title. */
  readonly system: string;
  /** What the gate would find if the whole repository were one addition. */
  readonly facts: readonly Fact[];
  readonly graph: Graph;
}

/** One thing to write down: everything the facts say about one address. */
interface Thing {
  readonly name: string;
  readonly address: string;
  readonly scope: string;
  readonly element: ElementKind | undefined;
  readonly family: string | undefined;
  readonly file: string;
  /** How a `Resource:` line names it: with its folder where the address alone would be ambiguous. */
  readonly reference: string;
}

/**
 * A threat model to start from: what the repository declares, tied to its resources, and questions where the
 * repository cannot know the answer. It claims no threat and no mitigation.
 */
export function writeStarterModel(input: StarterInput): string {
  const things = thingsOf(input.facts);
  const of = (...elements: readonly (ElementKind | undefined)[]): readonly Thing[] =>
    things.filter((t) => elements.includes(t.element));
  const sections = [
    [`# Threat model: ${markdown(input.system)}`, '', ...PREFACE],
    table(
      'Components',
      ['Component', 'Kind', 'Declared in', 'Resource'],
      of('process', 'data-store'),
      componentRow,
    ),
    table(
      'External dependencies',
      ['Vendor or system', 'Declared in', 'Resource'],
      of('external-entity'),
      plainRow,
    ),
    flows(input.graph, things),
    table('Declared connections', ['Connection', 'Declared in', 'Resource'], of('data-flow'), plainRow),
    table('Trust boundaries', ['Boundary', 'Declared in', 'Resource'], of('trust-boundary'), plainRow),
    table(
      'Identities, permissions and settings',
      ['What', 'Declared in', 'Resource'],
      of(undefined),
      plainRow,
    ),
    THREATS,
    questions(things),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const PREFACE = [
  'Written by `threatgate init` from what the repository declares. Nobody has reviewed it yet: it lists what there is,',
  'not what could go wrong. Correct the names, answer the questions at the end, and add the threats you find.',
];

const THREATS = [
  '## Threats',
  '',
  'None is written down yet. One row per threat; a planned mitigation has a ticket and a date.',
  '',
  '| Threat | Component | STRIDE | Likelihood | Impact | Mitigation | Status | Owner |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

function thingsOf(facts: readonly Fact[]): readonly Thing[] {
  const groups = Map.groupBy(
    facts.filter((f) => f.deciding),
    (f) => `${f.scope}\n${f.address}`,
  );
  const scopesOf = Map.groupBy(groups.keys(), (key) => key.slice(key.indexOf('\n') + 1));
  const named = new Set<string>();
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (!first) return [];
      const unique = (scopesOf.get(first.address)?.length ?? 1) === 1;
      const name = freeName(first, named);
      named.add(name.toLowerCase());
      return [
        {
          name,
          address: first.address,
          scope: first.scope,
          element: group.find((f) => f.element)?.element,
          family: group.find((f) => f.family)?.family,
          file: first.file,
          reference: unique || first.scope === '' ? first.address : `${first.scope}/${first.address}`,
        },
      ];
    });
}

/** Two things of one name would be one element of the model: the type, then the folder, tell them apart. */
function freeName(fact: Fact, taken: ReadonlySet<string>): string {
  const name = nameOf(fact.address);
  const candidates = [name, `${name} (${fact.type})`, `${name} (${fact.type}, ${fact.scope})`];
  return candidates.find((c) => !taken.has(c.toLowerCase())) ?? `${name} (${fact.scope}/${fact.address})`;
}

function table(
  title: string,
  head: readonly string[],
  things: readonly Thing[],
  row: (thing: Thing) => readonly string[],
): readonly string[] {
  if (things.length === 0) return [];
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...things.map((t) => line(row(t)))];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** As code, so that neither Markdown nor GitHub makes anything else of an address, and it reads back the same. */
const resource = (t: Thing): string => `Resource: ${code(t.reference)}`;

const componentRow = (t: Thing): readonly string[] => [
  markdown(t.name),
  t.element === 'data-store' ? 'data store' : 'process',
  markdown(t.file),
  resource(t),
];

const plainRow = (t: Thing): readonly string[] => [markdown(t.name), markdown(t.file), resource(t)];

/** Families whose mentions are no data flows: a role that is assumed, a key that is used, a subnet that is joined. */
const NO_ENDS: readonly (string | undefined)[] = [
  'identity-access',
  'keys-secrets',
  'network',
  'ci-cd',
  'dns-certificates',
];

const isEnd = (t: Thing): boolean =>
  (t.element === 'process' || t.element === 'data-store' || t.element === 'external-entity') &&
  !NO_ENDS.includes(t.family);

/** Flows that the code itself shows: one component mentions another, at most through one thing that is none. */
function flows(graph: Graph, things: readonly Thing[]): readonly string[] {
  const ends = new Map(things.filter(isEnd).map((t) => [`${t.scope}\n${t.address}`, t]));
  const thingAt = (r: Resource): Thing | undefined => ends.get(`${r.scope}\n${r.address}`);
  const rows = new Set<string>();
  for (const r of graph.resources) {
    const from = thingAt(r);
    if (!from || from.element === 'data-store') continue;
    for (const next of graph.mentionedBy(r)) {
      const to = thingAt(next);
      const reached = to ? [to] : graph.mentionedBy(next).flatMap((further) => thingAt(further) ?? []);
      for (const target of reached)
        // Parts of one thing (a service and its task definition) share a name; between them nothing crosses.
        if (nameOf(target.address) !== nameOf(from.address))
          rows.add(line([markdown(from.name), markdown(target.name), 'seen in code; what passes?']));
    }
  }
  if (rows.size === 0) return [];
  return [
    '## Data flows',
    '',
    line(['From', 'To', 'Data']),
    line(['---', '---', '---']),
    ...[...rows].sort(),
  ];
}

/** What no repository can know, then the most severe question of every family that is present. */
function questions(things: readonly Thing[]): readonly string[] {
  const families = [...new Set(things.flatMap((t) => t.family ?? []))].sort();
  const asked = families.flatMap((family) => mostSevere(questionsOf(family)) ?? []);
  return [
    '## Open questions',
    '',
    '- [ ] Who owns this model, and who approves its changes?',
    '- [ ] Which of the data stores hold personal, payment or secret data?',
    '- [ ] Who calls the system from outside, and how do they prove who they are?',
    '- [ ] Which flows are missing because they are not visible in the code?',
    ...asked.map((q) => `- [ ] ${markdown(q.ask)} (${q.id})`),
  ];
}

const SEVERITIES: readonly Question['severity'][] = ['critical', 'high', 'medium', 'low'];

function mostSevere(questions: readonly Question[]): Question | undefined {
  return [...questions].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  )[0];
}
