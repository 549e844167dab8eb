import type { Mitigation, Threat } from '../../model/threat-model.ts';
import { readConventions, readResources, type Conventions } from '../conventions.ts';
import type { Keys } from '../reading/keys.ts';
import { combineLevels, levelOf, mitigationState, stateOf } from '../reading/ratings.ts';
import { refOf, uniqueRefs } from '../reading/references.ts';
import { given, normaliseName, oneLine, sortedUnique } from '../reading/text.ts';
import type { Drafts, ThreatDraft } from './drafts.ts';
import { splitNames, type Names } from './names.ts';
import { stripNumbering } from './vocabulary.ts';

export interface Scene {
  readonly keys: Keys;
  readonly names: Names;
  readonly file: string;
}

export function assembleThreats(drafts: Drafts, scene: Scene): readonly Threat[] {
  const answers = answersById(drafts);
  const told = mergeRepeated(drafts.threats);
  const titles = new Map<string, number>();
  for (const draft of told) {
    const known = normaliseName(draft.title);
    titles.set(known, (titles.get(known) ?? 0) + 1);
  }
  return told.map((draft) =>
    threat(draft, scene, answers, (titles.get(normaliseName(draft.title)) ?? 0) > 1),
  );
}

/** A row that names a threat told before (by its id, or by id and title) adds to it: summaries and traceability tables. */
function mergeRepeated(drafts: readonly ThreatDraft[]): readonly ThreatDraft[] {
  const merged: ThreatDraft[] = [];
  const byId = new Map<string, number>();
  for (const draft of drafts) {
    const title = normaliseName(draft.title);
    const byTitle = byId.get(title);
    const sameId = draft.id === undefined ? undefined : byId.get(normaliseName(draft.id));
    const again =
      sameId !== undefined && normaliseName(merged[sameId]?.title ?? '') === title ? sameId : undefined;
    const index = byTitle ?? again;
    const first = index === undefined ? undefined : merged[index];
    if (index !== undefined && first) merged[index] = fillGaps(first, draft);
    else {
      if (draft.id !== undefined && sameId === undefined) byId.set(normaliseName(draft.id), merged.length);
      merged.push(draft);
    }
  }
  return merged;
}

function fillGaps(first: ThreatDraft, more: ThreatDraft): ThreatDraft {
  const keep = Object.entries(first).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  const tickets = [...first.tickets, ...more.tickets];
  const description = first.description ?? (more.title === first.title ? more.description : undefined);
  return {
    ...more,
    ...(Object.fromEntries(keep) as unknown as ThreatDraft),
    tickets,
    raw: `${first.raw}\n${more.raw}`,
    ...given({ description, heading: first.heading }),
  };
}

function threat(
  draft: ThreatDraft,
  scene: Scene,
  answers: ReadonlyMap<string, ThreatDraft['mitigations']>,
  twin: boolean,
): Threat {
  const said = readConventions(draft.raw);
  const status = stateOf(draft.status ?? '');
  const level = levelOf(draft.severity ?? '', draft.scale);
  const named = draft.about.flatMap((text) => splitNames(text, scene.names));
  const heading = draft.heading === undefined ? undefined : scene.names.find(draft.heading);
  const found = named.map((name) => scene.names.find(name));
  const targets = [...found, heading].filter((key) => key !== undefined);
  const unresolved = named.filter((_, index) => found[index] === undefined).map(oneLine);
  const orphan =
    unresolved.length === 0 && targets.length === 0 && draft.heading !== undefined && draft.stride.length > 0
      ? [stripNumbering(draft.heading)]
      : [];
  const own =
    draft.mitigations.length > 0 ? draft.mitigations : (answers.get(normaliseName(draft.id ?? '')) ?? []);
  return {
    key: keyOf(draft, scene.keys, twin),
    name: oneLine(draft.title),
    refs: uniqueRefs([
      ...(draft.resource === undefined ? [] : readResources(draft.resource)),
      ...said.refs,
      ...refOf(draft.title, 'name'),
    ]),
    tags: sortedUnique(draft.tags),
    location: { file: scene.file, line: draft.line },
    targets: sortedUnique(targets),
    unresolvedTargets: sortedUnique([...unresolved, ...orphan]),
    stride: draft.stride,
    categories: sortedUnique(draft.categories.map(oneLine)),
    severity: {
      level: level === 'unrated' ? combineLevels(draft.likelihood, draft.impact) : level,
      ...given({ raw: draft.severity, likelihood: short(draft.likelihood), impact: short(draft.impact) }),
    },
    status: {
      state: status,
      ...given({
        raw: draft.status,
        justification: draft.justification ?? said.justification,
        expires: draft.expires ?? said.expires,
      }),
    },
    mitigations: own.map((one) => mitigation(one, draft, said, status)),
    tickets: sortedUnique([...draft.tickets, ...said.tickets]),
    origin: 'authored',
    ...given({
      nativeId: draft.id,
      description: draft.description === undefined ? undefined : oneLine(draft.description),
      owner: draft.owner ?? said.owner,
    }),
  };
}

const SHORT = 300;

function short(text: string | undefined): string | undefined {
  return text === undefined ? undefined : oneLine(text).slice(0, SHORT);
}

/** Where it stands and what it is called; ids may be renumbered, so they only tell twins apart. */
function keyOf(draft: ThreatDraft, keys: Keys, twin: boolean): string {
  const place = draft.about[0] ?? draft.heading ?? '';
  const apart = twin ? (draft.id ?? oneLine(draft.description ?? '').slice(0, 60)) : '';
  return keys.named('threat', oneLine(place), draft.title, apart);
}

function mitigation(
  one: ThreatDraft['mitigations'][number],
  draft: ThreatDraft,
  said: Conventions,
  status: Threat['status']['state'],
): Mitigation {
  const state = one.planned && status !== 'mitigated' ? 'proposed' : mitigationState(one.text, status);
  const own = readConventions(one.text);
  return {
    text: oneLine(one.text),
    state,
    tickets: sortedUnique([...own.tickets, ...draft.tickets, ...said.tickets]),
    ...given({ owner: own.owner ?? draft.owner ?? said.owner, due: own.due ?? draft.due ?? said.due }),
  };
}

/** Mitigations listed apart, by the ids of the threats they say they answer. */
function answersById(drafts: Drafts): ReadonlyMap<string, ThreatDraft['mitigations']> {
  const ids = new Set(
    drafts.threats.flatMap((draft) => (draft.id === undefined ? [] : [normaliseName(draft.id)])),
  );
  const answers = new Map<string, { readonly text: string; readonly planned: boolean }[]>();
  for (const { text, threats, status } of drafts.mitigations) {
    const planned = ['open', 'in-progress'].includes(stateOf(status ?? ''));
    for (const id of new Set(threats.map(normaliseName))) {
      if (!ids.has(id)) continue;
      const list = answers.get(id) ?? [];
      list.push({ text, planned });
      answers.set(id, list);
    }
  }
  return answers;
}
