import type { Threat } from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { get, text } from '../../values/value.ts';
import { isSaid, readConventions } from '../conventions.ts';
import type { Keys } from '../reading/keys.ts';
import { combineLevels, levelOf, mitigationState } from '../reading/ratings.ts';
import { strideLetters } from '../reading/stride.ts';
import { given, oneLine, sortedUnique } from '../reading/text.ts';
import { idOf, type KeyOf } from './elements.ts';
import { declared, declaredIn, idsOf, type Declared, type Source } from './sources.ts';
import { findTracking, statusOf, ticketsOf, type Tracking } from './tracking.ts';

/** What a risk may point at, by the ids of the file. */
const POINTERS = [
  'most_relevant_technical_asset',
  'most_relevant_communication_link',
  'most_relevant_trust_boundary',
  'most_relevant_data_asset',
  'most_relevant_shared_runtime',
] as const;

/** Manual risks with their tracking, then tracked risks that only the engine computes. */
export function readRisks(sources: readonly Source[], keys: Keys, targets: KeyOf): readonly Threat[] {
  const tracking = declaredIn(sources, 'risk_tracking').map((one): Tracking => ({
    id: one.title,
    value: one.value,
    file: one.file,
    line: one.line,
  }));
  const find = findTracking(tracking);
  const answered = new Set<Tracking>();
  const categories = [
    ...declaredIn(sources, 'individual_risk_categories'),
    ...declaredIn(sources, 'custom_risk_categories'),
  ];
  const manual = categories.flatMap((category) =>
    declared(get(category.value, 'risks_identified'), category.file).map((risk) => {
      const track = find(syntheticId(category, risk.value));
      if (track) answered.add(track);
      return manualThreat(category, risk, track, keys, targets);
    }),
  );
  const computed = tracking.filter((one) => !answered.has(one));
  return [...manual, ...computed.map((one) => trackedThreat(one, keys, targets))];
}

function syntheticId(category: Declared, risk: Value): string {
  return [idOf(category), ...pointersOf(risk)].join('@');
}

function pointersOf(risk: Value): readonly string[] {
  return POINTERS.flatMap((pointer) => said(risk, pointer) ?? []);
}

function said(value: Value | undefined, key: string): string | undefined {
  const words = text(get(value, key));
  return words !== undefined && isSaid(words) ? words : undefined;
}

function manualThreat(
  category: Declared,
  risk: Declared,
  track: Tracking | undefined,
  keys: Keys,
  targets: KeyOf,
): Threat {
  const pointed = pointersOf(risk.value);
  const words = ['description', 'impact'].flatMap((key) => said(category.value, key) ?? []);
  const answers = ['mitigation', 'action'].flatMap((key) => said(category.value, key) ?? []);
  const status = statusOf(track);
  const conventions = readConventions([...words, ...answers, status.justification ?? ''].join('\n'));
  const tickets = sortedUnique([...ticketsOf(track), ...conventions.tickets]);
  return {
    key: keys.native('threat', `${idOf(category)}/${oneLine(risk.title)}`),
    nativeId: syntheticId(category, risk.value),
    name: oneLine(risk.title),
    refs: conventions.refs,
    tags: sortedUnique(idsOf(get(category.value, 'tags'))),
    location: { file: risk.file, line: risk.line },
    targets: sortedUnique(pointed.flatMap((id) => targets.get(id) ?? [])),
    unresolvedTargets: sortedUnique(pointed.filter((id) => !targets.has(id))),
    ...classify(category.value),
    severity: rate(risk.value),
    status: {
      ...status,
      ...given({
        justification: status.justification ?? conventions.justification,
        expires: conventions.expires,
      }),
    },
    mitigations: answers.slice(0, 1).map((one) => ({
      text: oneLine(one),
      state: mitigationState(one, status.state),
      tickets,
      ...given({ due: conventions.due, owner: conventions.owner }),
    })),
    tickets,
    origin: 'authored',
    ...given({
      description: words.length > 0 ? oneLine(words.join(' ')) : undefined,
      owner: conventions.owner,
    }),
  };
}

function classify(category: Value): Pick<Threat, 'stride' | 'categories'> {
  const stride = said(category, 'stride');
  const cwe = said(category, 'cwe');
  return {
    stride: strideLetters((stride ?? '').replace(/-/g, ' ')),
    categories: sortedUnique([
      ...(stride === undefined ? [] : [stride]),
      ...(cwe === undefined ? [] : [/^\d/.test(cwe) ? `CWE-${cwe}` : cwe]),
    ]),
  };
}

function rate(risk: Value): Threat['severity'] {
  const raw = said(risk, 'severity');
  const likelihood = said(risk, 'exploitation_likelihood');
  const impact = said(risk, 'exploitation_impact');
  const level = levelOf(raw ?? '');
  return {
    level: level === 'unrated' ? combineLevels(likelihood, impact) : level,
    ...given({ raw, likelihood, impact }),
  };
}

/** A risk that is not in the file: its tracking entry names its category and what it hits. */
function trackedThreat(track: Tracking, keys: Keys, targets: KeyOf): Threat {
  const [category = track.id, ...parts] = track.id.split('@');
  const where = parts.filter((part) => part !== '' && part !== '*');
  // A link is named by its asset and itself; where the link is unknown the asset still says something.
  const known = where.map((part) => targets.get(part) ?? targets.get(part.split('>')[0] ?? ''));
  const status = statusOf(track);
  const tickets = sortedUnique(ticketsOf(track));
  const conventions = readConventions(status.justification ?? '');
  const explained = status.state === 'mitigated' || status.state === 'in-progress';
  const answer = {
    text: status.justification ?? '',
    state: mitigationState('', status.state),
    tickets,
    ...given({ due: conventions.due }),
  };
  return {
    key: keys.native('threat', track.id),
    nativeId: track.id,
    name: [category.replace(/-/g, ' '), ...(where.length > 0 ? [`at ${where.join(', ')}`] : [])].join(' '),
    refs: conventions.refs,
    tags: [],
    location: { file: track.file, line: track.line },
    targets: sortedUnique(known.filter((key) => key !== undefined)),
    unresolvedTargets: sortedUnique(where.filter((_, index) => known[index] === undefined)),
    stride: [],
    categories: [category],
    severity: { level: 'unrated' },
    status: { ...status, ...given({ expires: conventions.expires }) },
    mitigations: explained && answer.text !== '' ? [answer] : [],
    tickets,
    origin: 'tool-generated',
    ...given({ owner: conventions.owner }),
  };
}
