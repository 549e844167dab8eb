import type { Block } from '../../syntax/markdown-blocks.ts';
import { isSaid, readDate, readTickets } from '../conventions.ts';
import { levelOf, stateOf } from '../reading/ratings.ts';
import { STRIDE_NAMES, strideLetters } from '../reading/stride.ts';
import { given, oneLine } from '../reading/text.ts';
import type { ThreatDraft } from './drafts.ts';
import {
  fieldOf,
  fieldsOf,
  fieldText,
  plainText,
  readFields,
  sectionText,
  texts,
  type Field,
  type Fields,
} from './fields.ts';
import type { Section } from './outline.ts';
import { strideStart } from './tables.ts';
import { splitPoints, type Surroundings } from './threat-rows.ts';
import { isPlaceholder, splitId, stripNumbering } from './vocabulary.ts';

const TITLE_CHARS = 300;

/** Labels that only a threat (or risk) has. */
const TELLING = [
  'severity',
  'likelihood',
  'impact',
  'mitigation',
  'recommendation',
  'stride',
  'residual',
] as const;

/** Fields of a section: its own blocks and the parts below bold lines. */
export function sectionFields(section: Section): Fields {
  return readFields(
    section.blocks,
    section.children.filter((child) => child.depth > 6),
  );
}

/** Whether labelled values make it a threat: at least two that only threats have. */
export function tellsThreat(fields: readonly Field[]): boolean {
  return TELLING.filter((role) => fieldOf(fields, role) !== undefined).length >= 2;
}

/** A heading and its text as one threat. */
export function readThreatSection(section: Section, around: Surroundings): ThreatDraft | undefined {
  const { fields, prose } = sectionFields(section);
  const split = splitId(stripStart(section.title));
  const title = oneLine(split.rest);
  if (title === '' || isPlaceholder(title)) return undefined;
  const lists = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items.flatMap(texts) : []));
  const description = [
    ...prose.map((inline) => inline.text),
    ...(fields.length === 0 ? lists.map(plainText) : []),
  ];
  return assemble(fields, {
    title,
    description: [...new Set(description)].join('\n'),
    raw: [section.raw, sectionText(section)].join('\n'),
    line: section.line,
    around,
    id: split.id,
  });
}

function stripStart(title: string): string {
  return /^\d+\s*[:.)-]/.test(title)
    ? stripNumbering(title)
    : title.replace(/^(?:threat|risk)\s*(?::|\s[–—-])\s+/iu, '');
}

interface Told {
  readonly title: string;
  readonly description: string;
  readonly raw: string;
  readonly line: number;
  readonly around: Surroundings;
  readonly id: string | undefined;
}

/** Labelled values → threat. */
function assemble(fields: readonly Field[], told: Told): ThreatDraft {
  const said = (...roles: Parameters<typeof fieldOf>[1][]): string | undefined =>
    fieldsOf(fields, ...roles)
      .map(fieldText)
      .find(isSaid);
  const tags = (said('tags') ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(isSaid);
  const stride = strideLetters(said('stride', 'category') ?? '');
  const letters =
    stride.length > 0 ? stride : tags.flatMap((tag) => (/^STRIDE/i.test(tag) ? strideLetters(tag) : []));
  const own =
    letters.length > 0 ? letters : [strideStart(told.title)].filter((letter) => letter !== undefined);
  const described = [told.description, ...fieldsOf(fields, 'title', 'description').map(fieldText)].filter(
    (text) => text !== '',
  );
  const risk = said('risk', 'residual');
  return {
    title: told.title.slice(0, TITLE_CHARS),
    about: fieldsOf(fields, 'component', 'asset', 'boundary', 'flow').map(fieldText).filter(isSaid),
    stride: own.length > 0 ? own : told.around.stride ? [told.around.stride] : [],
    categories: [said('stride'), said('category')].filter((text) => text !== undefined),
    mitigations: [
      ...fieldsOf(fields, 'mitigation').flatMap((field) => points(field, false)),
      ...fieldsOf(fields, 'recommendation').flatMap((field) => points(field, true)),
    ],
    tickets: fieldsOf(fields, 'ticket').flatMap((field) => readTickets(fieldText(field))),
    tags,
    raw: told.raw,
    line: told.line,
    ...given({
      id: said('id') ?? told.id,
      description: described.length > 0 ? described.join('\n') : undefined,
      heading: told.around.heading,
      severity: said('severity') ?? (risk !== undefined && levelOf(risk) !== 'unrated' ? risk : undefined),
      likelihood: said('likelihood'),
      impact: said('impact'),
      status: fieldsOf(fields, 'status')
        .map(fieldText)
        .find((text) => isSaid(text) || stateOf(text) !== 'unset'),
      owner: said('owner'),
      resource: fieldsOf(fields, 'resource')
        .map((field) => field.raw)
        .find(isSaid),
      due: readDate(said('due') ?? ''),
      expires: readDate(said('expires') ?? ''),
      justification: said('justification'),
    }),
  };
}

function points(field: Field, planned: boolean): ThreatDraft['mitigations'] {
  const texts = field.items.length > 0 ? [field.text, ...field.items] : splitPoints(field.text);
  return texts
    .filter((text) => isSaid(text) && !isPlaceholder(text))
    .map((text) => ({ text: oneLine(text), planned }));
}

/** A section of one STRIDE category whose list or text describes one threat by labelled values. */
export function readLabelledCategory(section: Section, around: Surroundings): ThreatDraft | undefined {
  const { fields, prose } = sectionFields(section);
  const threat = fieldOf(fields, 'title', 'description');
  if (!threat && !tellsThreat(fields)) return undefined;
  const title = threat ? fieldText(threat) : section.title;
  if (isPlaceholder(title)) return undefined;
  const others = fields.filter((field) => field !== threat);
  return assemble(others, {
    title: oneLine(title),
    description: prose.map((inline) => inline.text).join('\n'),
    raw: sectionText(section),
    line: threat?.line ?? section.line,
    around,
    id: undefined,
  });
}

/**
 * Points of a list, each a threat: with labelled points below it or a STRIDE name in front; plain sentences too where
 * `every` point is one.
 */
export function readThreatList(
  list: Extract<Block, { kind: 'list' }>,
  around: Surroundings,
  every: boolean,
): readonly ThreatDraft[] {
  return list.items.flatMap((item) => {
    const first = item[0];
    if (first?.kind !== 'paragraph' || isPlaceholder(first.inline.text)) return [];
    const { fields, prose } = readFields(item.slice(1));
    const lead =
      first.inline.lead === undefined ? undefined : oneLine(first.inline.lead).replace(/\s*:$/, '');
    const letter = lead === undefined ? strideOfLabel(first.inline.text) : strideStart(lead);
    if (!every && letter === undefined && !tellsThreat(fields)) return [];
    const text = oneLine(first.inline.text);
    const body = letter ? text.replace(/^[^:–—-]{1,60}[:–—-]\s*/u, '') : text;
    const split = splitId(body);
    const [title, tail] =
      lead !== undefined && !letter && text.startsWith(lead)
        ? [lead, text.slice(lead.length)]
        : [split.rest, ''];
    if (title === '' || !isSaid(title)) return [];
    const description = [tail.replace(/^\s*[:–—-]\s*/u, ''), ...prose.map((inline) => inline.text)]
      .filter((one) => one !== '')
      .join('\n');
    const id = split.id ?? (lead === undefined ? undefined : splitId(lead).id);
    const inside = { ...around, ...given({ stride: letter ?? around.stride }) };
    return [
      assemble(fields, {
        title: splitId(title).rest,
        description,
        raw: texts(item).join('\n'),
        line: first.line,
        around: inside,
        id,
      }),
    ];
  });
}

function strideOfLabel(text: string) {
  const label = /^([^:–—]{3,50})[:–—]/u.exec(text)?.[1];
  return label === undefined ? undefined : strideLetters(label)[0];
}

/** A section of one STRIDE category that is only prose. */
export function readProseCategory(section: Section, around: Surroundings): ThreatDraft | undefined {
  const { prose } = sectionFields(section);
  const text = prose.map((inline) => inline.text).join('\n');
  if (!isSaid(text) || isPlaceholder(text) || !section.stride) return undefined;
  const title = [STRIDE_NAMES[section.stride], around.heading]
    .filter((part) => part !== undefined)
    .join(' – ');
  return assemble([], {
    title,
    description: text,
    raw: sectionText(section),
    line: section.line,
    around,
    id: undefined,
  });
}
