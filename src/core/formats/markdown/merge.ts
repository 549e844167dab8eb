import { given, normaliseName } from '../reading/text.ts';
import type { ElementDraft } from './drafts.ts';
import { bareName, makeNames } from './names.ts';

/** Several mentions of one thing are one: tables and lists come before drawings, and fill each other's gaps. */
export function mergeByName(drafts: readonly ElementDraft[]): readonly ElementDraft[] {
  const merged = new Map<string, ElementDraft>();
  const ordered = [...drafts.filter((draft) => !draft.drawn), ...drafts.filter((draft) => draft.drawn)];
  for (const draft of ordered) {
    const name = normaliseName(draft.name);
    const known = merged.get(name);
    if (!known) merged.set(name, draft);
    else
      merged.set(name, {
        ...draft,
        ...known,
        ...given({ type: joined(known.type, draft.type), boundary: known.boundary ?? draft.boundary }),
        ...given({
          members:
            known.members || draft.members ? [...(known.members ?? []), ...(draft.members ?? [])] : undefined,
        }),
        tags: [...known.tags, ...draft.tags],
        raw: `${known.raw}\n${draft.raw}`,
      });
  }
  return [...merged.values()];
}

function joined(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined ? b : b === undefined ? a : `${a} ${b}`;
}

/** A drawn flow between the same ends as a listed one is that flow, whatever its label. */
export function withoutRedrawn(flows: readonly ElementDraft[]): readonly ElementDraft[] {
  const ends = (draft: ElementDraft): string =>
    [draft.source ?? '', draft.target ?? ''].map(normaliseName).join('\n');
  const listed = new Set(flows.filter((draft) => !draft.drawn).map(ends));
  const drawn = new Set<string>();
  return flows.filter((draft) => {
    const label = `${ends(draft)}\n${normaliseName(draft.name)}`;
    if (!draft.drawn) return true;
    if (listed.has(ends(draft)) || drawn.has(label)) return false;
    drawn.add(label);
    return true;
  });
}

/** Zones that only a column of the component table names. */
export function impliedZones(components: readonly ElementDraft[]): readonly ElementDraft[] {
  return components.flatMap((draft) =>
    (draft.boundary ?? '').split(/[,;\n]/).flatMap((name) => {
      const clean = bareName(name);
      return clean === ''
        ? []
        : [{ element: 'boundary', name: clean, tags: [], raw: '', line: draft.line, drawn: true } as const];
    }),
  );
}

/** Ends that are listed nowhere else: what sends or receives data is a component. */
export function impliedEnds(
  flows: readonly ElementDraft[],
  listed: readonly ElementDraft[],
): readonly ElementDraft[] {
  const names = makeNames();
  for (const draft of listed) names.add(draft.name, draft.name, draft.id);
  return flows.flatMap((draft) =>
    [draft.source, draft.target].flatMap((end) => {
      const name = bareName(end ?? '');
      if (name === '' || names.find(name) !== undefined) return [];
      names.add(name, name);
      return [{ element: 'component', name, tags: [], raw: '', line: draft.line, drawn: true } as const];
    }),
  );
}
