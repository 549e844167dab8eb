import type { Threat } from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { get, items, text } from '../../values/value.ts';
import { isSaid, readConventions } from '../conventions.ts';
import type { Keys } from '../reading/keys.ts';
import { levelOf, mitigationState, stateOf } from '../reading/ratings.ts';
import { strideLetters } from '../reading/stride.ts';
import { given, oneLine, sortedUnique } from '../reading/text.ts';
import type { Cell } from './cells.ts';

/** What the tool writes into a new threat; nobody has worked on it while it says that. */
const PLACEHOLDERS: readonly RegExp[] = [
  /^provide (?:a )?(?:description|mitigation|remediation)\b/i,
  /^(?:new|neue|nouvelle|nueva|nova|nuova|новая) (?:generic|cia|ciadie|die|linddun|plot4ai|stride|eop|[\p{L}-]{1,20}) (?:threat|bedrohung|menace|amenaza|ameaça|minaccia|угроза)(?: .{0,20})?$/iu,
  /^(?:beschreibung (?:für|zu)|fournir|fournissez|proporcionar?|proporcione|forneça|indiquer) .{0,30}(?:bedrohung|menace|amenaza|ameaça)/iu,
];

function isPlaceholder(words: string): boolean {
  return PLACEHOLDERS.some((pattern) => pattern.test(words.trim()));
}

/** The threats of one cell. */
export function readThreats(cell: Cell, target: string, keys: Keys, file: string): readonly Threat[] {
  return items(get(cell.data, 'threats'))
    .filter((raw) => raw.kind === 'map')
    .map((raw) => readThreat(raw, cell, target, keys, file));
}

function readThreat(raw: Value, cell: Cell, target: string, keys: Keys, file: string): Threat {
  const said = (key: string): string | undefined => {
    const words = text(get(raw, key));
    return words === undefined || !isSaid(words) ? undefined : words;
  };
  const title = said('title') ?? said('description') ?? 'Untitled threat';
  const described = said('description');
  const mitigation = said('mitigation');
  const type = said('type');
  const scheme = said('modelType');
  const status = said('status');
  const state = stateOf((status ?? '').replace(/([a-z])([A-Z])/g, '$1 $2'));
  const conventions = readConventions([described ?? '', mitigation ?? ''].join('\n'));
  const untouched =
    isPlaceholder(title) || isPlaceholder(described ?? '') || text(get(raw, 'new')) === 'true';
  const id = said('id') ?? said('threatId');
  const rated = said('severity');
  return {
    key: id === undefined ? keys.named('threat', cell.name || cell.id, title) : keys.native('threat', id),
    name: oneLine(title),
    refs: conventions.refs,
    tags: [],
    location: { file, line: get(raw, 'title')?.line ?? raw.line },
    targets: [target],
    unresolvedTargets: [],
    stride: scheme === undefined || /stride|eop|generic/i.test(scheme) ? strideLetters(type ?? '') : [],
    categories: type === undefined ? [] : [oneLine(type)],
    severity: { level: levelOf(rated ?? said('score') ?? ''), ...given({ raw: rated ?? said('score') }) },
    status: {
      state,
      ...given({ raw: status, justification: conventions.justification, expires: conventions.expires }),
      ...justified(state, mitigation),
    },
    mitigations:
      mitigation === undefined || isPlaceholder(mitigation)
        ? []
        : [
            {
              text: oneLine(mitigation),
              state: mitigationState(mitigation, state),
              tickets: conventions.tickets,
              ...given({ owner: conventions.owner, due: conventions.due }),
            },
          ],
    tickets: sortedUnique(conventions.tickets),
    origin: untouched ? 'template-placeholder' : 'authored',
    ...given({
      nativeId: id,
      description: described === undefined || isPlaceholder(described) ? undefined : oneLine(described),
      owner: conventions.owner,
    }),
  };
}

/** For a threat that is not acted upon, the tool's mitigation field holds the reason. */
function justified(
  state: Threat['status']['state'],
  mitigation: string | undefined,
): { readonly justification?: string } {
  const reasoned =
    state === 'not-applicable' || state === 'accepted' || state === 'transferred' || state === 'avoided';
  return reasoned && mitigation !== undefined && !isPlaceholder(mitigation)
    ? { justification: oneLine(mitigation) }
    : {};
}
