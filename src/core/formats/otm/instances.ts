import type { Level, Mitigation, Threat } from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { at, get, items, text, texts } from '../../values/value.ts';
import { readConventions } from '../conventions.ts';
import type { Keys } from '../reading/keys.ts';
import { combineLevels, levelOf, stateOf } from '../reading/ratings.ts';
import { strideLetters } from '../reading/stride.ts';
import { given, oneLine, sortedUnique } from '../reading/text.ts';
import { attributeLines, attributeRefs } from './attributes.ts';

/** Threats and mitigations of the catalogue, by id. */
export interface Catalogue {
  readonly threats: ReadonlyMap<string, Value>;
  readonly mitigations: ReadonlyMap<string, Value>;
}

export function readCatalogue(model: Value | undefined): Catalogue {
  const byId = (list: Value | undefined): ReadonlyMap<string, Value> =>
    new Map(
      items(list).flatMap((one) =>
        text(get(one, 'id')) === undefined ? [] : [[text(get(one, 'id')) ?? '', one] as const],
      ),
    );
  return { threats: byId(get(model, 'threats')), mitigations: byId(get(model, 'mitigations')) };
}

/** A component or flow that threats may be attached to. */
export interface Bearer {
  readonly key: string;
  readonly id: string;
  readonly value: Value;
}

/** The threats that the model attaches to something, then those of the catalogue that nothing has. */
export function readThreats(
  bearers: readonly Bearer[],
  catalogue: Catalogue,
  keys: Keys,
  file: string,
): readonly Threat[] {
  const used = new Set<string>();
  const attached = bearers.flatMap((bearer) =>
    items(get(bearer.value, 'threats')).flatMap((instance) => {
      const id = text(get(instance, 'threat')) ?? text(get(instance, 'id'));
      if (id === undefined) return [];
      used.add(id);
      return [readThreat(id, instance, bearer, catalogue, keys, file)];
    }),
  );
  const loose = [...catalogue.threats].filter(([id]) => !used.has(id));
  return [
    ...attached,
    ...loose.map(([id, entry]) => readThreat(id, entry, undefined, catalogue, keys, file)),
  ];
}

function readThreat(
  id: string,
  instance: Value,
  bearer: Bearer | undefined,
  catalogue: Catalogue,
  keys: Keys,
  file: string,
): Threat {
  const entry = catalogue.threats.get(id) ?? instance;
  const description = text(get(entry, 'description'));
  const said = readConventions(
    [description ?? '', ...attributeLines(entry), ...attributeLines(instance)].join('\n'),
  );
  const categories = texts(get(entry, 'categories'));
  const raw = text(get(instance, 'state'));
  const generated = /^auto ?generated$/i.test(raw ?? '');
  const tickets = sortedUnique(said.tickets);
  return {
    key: keys.native('threat', bearer ? `${bearer.id}/${id}` : id),
    nativeId: id,
    name: oneLine(text(get(entry, 'name')) ?? text(get(instance, 'name')) ?? id),
    refs: [...said.refs, ...attributeRefs(entry), ...attributeRefs(instance)],
    tags: sortedUnique(texts(get(entry, 'tags'))),
    location: {
      file,
      line: (get(entry, 'name') ?? get(instance, 'threat') ?? instance).line,
    },
    targets: bearer ? [bearer.key] : [],
    unresolvedTargets: [],
    stride: sortedUnique(categories.flatMap(strideLetters)) as Threat['stride'],
    categories: sortedUnique([...categories, ...texts(get(entry, 'cwes'))]),
    severity: severityOf(get(entry, 'risk')),
    status: {
      state: generated ? 'unset' : stateOf(raw ?? ''),
      ...given({ raw, justification: said.justification, expires: said.expires }),
    },
    mitigations: items(get(instance, 'mitigations')).map((one) =>
      readMitigation(one, catalogue, tickets, said.due),
    ),
    tickets,
    origin: generated ? 'tool-generated' : 'authored',
    ...given({
      description: description === undefined || description === '' ? undefined : oneLine(description),
      owner: said.owner,
    }),
  };
}

/** Likelihood and impact run from 0 to 100 each; their product over 1000 is read like a CVSS score. */
function severityOf(risk: Value | undefined): Threat['severity'] {
  const likelihood = text(get(risk, 'likelihood'));
  const impact = text(get(risk, 'impact'));
  const product = (Number(likelihood ?? NaN) * Number(impact ?? NaN)) / 1000;
  const level: Level = Number.isFinite(product)
    ? levelOf(product.toFixed(1), 10)
    : combineLevels(likelihood, impact);
  return { level, ...given({ likelihood, impact }) };
}

const STATES: readonly (readonly [Mitigation['state'], RegExp])[] = [
  ['implemented', /^(?:implemented|done|mitigated|in place|test.*pass)/i],
  ['rejected', /^(?:reject|not applicable|n\/a|wont)/i],
  ['in-progress', /^(?:in.?progress|started)/i],
  ['proposed', /^(?:required|recommended|proposed|planned|open)/i],
];

function readMitigation(
  instance: Value,
  catalogue: Catalogue,
  tickets: readonly string[],
  due: string | undefined,
): Mitigation {
  const id = text(get(instance, 'mitigation')) ?? text(get(instance, 'id')) ?? '';
  const entry = catalogue.mitigations.get(id) ?? instance;
  const name = text(get(entry, 'name')) ?? id;
  const description = text(get(entry, 'description')) ?? '';
  const said = readConventions(
    [description, ...attributeLines(entry), ...attributeLines(instance)].join('\n'),
  );
  const state = text(get(instance, 'state')) ?? text(at(entry, 'attributes', 'state')) ?? '';
  return {
    text: oneLine([name, description].filter((part) => part !== '').join(': ')),
    state: STATES.find(([, words]) => words.test(state))?.[0] ?? 'unset',
    tickets: sortedUnique([...tickets, ...said.tickets]),
    ...given({ owner: said.owner, due: said.due ?? due }),
  };
}
