import type { Block, MarkdownTable } from '../../syntax/markdown-blocks.ts';
import { readMermaid } from '../../syntax/mermaid.ts';
import { given, normaliseName, oneLine } from '../reading/text.ts';
import { readDiagram } from './diagrams.ts';
import { MOST_DRAFTS, type Drafts, type ElementDraft } from './drafts.ts';
import { readAssumptionList, readElementList, readEnds } from './element-lists.ts';
import {
  readAssumptionRows,
  readElementRows,
  readMitigationParts,
  readMitigationRows,
} from './element-rows.ts';
import { fieldText, sectionText } from './fields.ts';
import { subsections, type Section } from './outline.ts';
import { typeTable } from './tables.ts';
import {
  matrixComponents,
  readMatrix,
  readThreatRows,
  readTransposed,
  type Surroundings,
} from './threat-rows.ts';
import {
  readLabelledCategory,
  readProseCategory,
  readThreatList,
  readThreatSection,
  sectionFields,
  tellsThreat,
} from './threat-sections.ts';
import { isPlaceholder, splitId, type Topic } from './vocabulary.ts';

/** What is known on the way down to a section. */
interface Path {
  /** The nearest heading that announces something. */
  readonly topic: Topic;
  readonly around: Surroundings;
}

/** Walks the document and takes down what its parts list. */
export function collect(root: Section): Drafts {
  const drafts: Drafts = { threats: [], elements: [], assumptions: [], mitigations: [] };
  const top: Path = { topic: 'context', around: {} };
  collectElements(root, top, drafts);
  const known = new Set(drafts.elements.map((element) => normaliseName(element.name)));
  collectThreats(root, top, drafts, known);
  return drafts;
}

const ELEMENT_OF: Partial<Readonly<Record<Topic, ElementDraft['element']>>> = {
  components: 'component',
  externals: 'component',
  flows: 'flow',
  boundaries: 'boundary',
  vendors: 'vendor',
  assets: 'data-asset',
};

function collectElements(section: Section, path: Path, drafts: Drafts): void {
  if (section.topic === 'aside' || drafts.elements.length > MOST_DRAFTS) return;
  const topic = section.topic === 'context' ? path.topic : section.topic;
  const element = ELEMENT_OF[topic];
  for (const block of section.blocks) {
    if (block.kind === 'code' && block.language === 'mermaid') takeDiagram(block, drafts);
    else if (block.kind === 'table') takeTable(block, topic, drafts);
    else if (block.kind === 'list' && topic === 'assumptions')
      drafts.assumptions.push(...readAssumptionList(block));
    else if (block.kind === 'list' && element && isOwnList(section, topic))
      drafts.elements.push(
        ...readElementList(block, element, topic === 'externals' ? 'external' : undefined),
      );
  }
  if (topic === 'mitigations') drafts.mitigations.push(...readMitigationParts(section));
  const listed =
    element !== undefined && section.topic === topic
      ? section.children.filter((child) => describesElement(child))
      : [];
  for (const child of listed) if (element) drafts.elements.push(...readElementSection(child, element));
  for (const child of section.children)
    collectElements(child, { ...path, topic: listed.includes(child) ? 'context' : topic }, drafts);
}

/** Lists belong to the heading that announces them, or to a bold line or group heading right below it. */
function isOwnList(section: Section, topic: Topic): boolean {
  return section.topic === topic || section.depth > 6 || subsections(section).length === 0;
}

function takeDiagram(block: Extract<Block, { kind: 'code' }>, drafts: Drafts): void {
  const diagram = readMermaid(block.text, block.line);
  if (diagram) drafts.elements.push(...readDiagram(diagram));
}

function takeTable(block: MarkdownTable, topic: Topic, drafts: Drafts): void {
  const table = typeTable(block, topic);
  if (table.kind === 'assumptions') drafts.assumptions.push(...readAssumptionRows(table));
  else if (table.kind === 'mitigations') drafts.mitigations.push(...readMitigationRows(table));
  else if (table.kind === 'matrix') drafts.elements.push(...matrixComponents(table));
  else drafts.elements.push(...readElementRows(table));
}

/** A heading below “Components” or “Trust boundaries” with text of its own and nothing that is listed. */
function describesElement(section: Section): boolean {
  if (section.stride || section.depth > 6 || subsections(section).length > 0) return false;
  if (section.blocks.some((block) => block.kind === 'table')) return false;
  if (sectionFields(section).fields.length >= 2) return true;
  return section.topic === 'context' && section.blocks.some((block) => block.kind === 'paragraph');
}

function readElementSection(section: Section, element: ElementDraft['element']): readonly ElementDraft[] {
  const split = splitId(section.title.replace(/^\d+\.\s+/, ''));
  if (isPlaceholder(split.rest) || split.rest === '') return [];
  const { fields, prose } = sectionFields(section);
  const said = (role: string): string | undefined =>
    fields.find((field) => field.roles.some((own) => own === role))?.text;
  const description = [
    ...prose.map((inline) => inline.text),
    ...fields.filter((field) => field.roles.includes('description')).map(fieldText),
  ];
  return [
    {
      element,
      name: oneLine(split.rest),
      tags: [],
      raw: [section.raw, sectionText(section)].join('\n'),
      line: section.line,
      ...(element === 'flow' || element === 'boundary' ? readEnds(split.rest) : {}),
      ...given({
        id: split.id,
        description: description.length > 0 ? description.join('\n') : undefined,
        type: said('type'),
        owner: said('owner'),
        boundary: element === 'boundary' ? undefined : said('boundary'),
        source: said('source'),
        target: said('target'),
        protocol: said('protocol'),
      }),
    },
  ];
}

function collectThreats(section: Section, path: Path, drafts: Drafts, known: ReadonlySet<string>): void {
  if (section.topic === 'aside' || drafts.threats.length > MOST_DRAFTS) return;
  const topic = section.stride ? 'threats' : section.topic === 'context' ? path.topic : section.topic;
  const around: Surroundings = {
    ...path.around,
    ...given({ stride: section.stride ?? path.around.stride, heading: headingOf(section, path) }),
  };
  if (section.stride) {
    const single = readLabelledCategory(section, around);
    if (single) {
      drafts.threats.push(single);
      return;
    }
  }
  if (isThreat(section, path, known)) {
    const threat = readThreatSection(section, path.around);
    if (threat) drafts.threats.push(threat);
    return;
  }
  const before = drafts.threats.length;
  takeThreatBlocks(section, topic, around, drafts, known);
  if (section.stride && drafts.threats.length === before && subsections(section).length === 0) {
    const prose = readProseCategory(section, around);
    if (prose) drafts.threats.push(prose);
  }
  for (const child of section.children) collectThreats(child, { topic, around }, drafts, known);
}

function takeThreatBlocks(
  section: Section,
  topic: Topic,
  around: Surroundings,
  drafts: Drafts,
  known: ReadonlySet<string>,
): void {
  const every =
    section.stride !== undefined ||
    (section.topic === 'threats' && !/residual/i.test(section.title)) ||
    known.has(normaliseName(section.title));
  for (const block of section.blocks) {
    if (block.kind === 'list' && topic === 'threats' && section.depth > 0)
      drafts.threats.push(...readThreatList(block, around, every));
    if (block.kind !== 'table') continue;
    const table = typeTable(block, topic);
    if (table.kind === 'threats') drafts.threats.push(...readThreatRows(table, around));
    else if (table.kind === 'matrix') drafts.threats.push(...readMatrix(table));
    else if (table.kind === 'transposed') drafts.threats.push(...readTransposed(table));
  }
}

/** The heading that names what the threats below it are about. */
function headingOf(section: Section, path: Path): string | undefined {
  if (section.depth <= 1 || section.topic !== 'context' || section.stride) return path.around.heading;
  return oneLine(section.title);
}

/** Whether a section is one threat: by its id, by its labelled values, or as a leaf with text below “Threats”. */
function isThreat(section: Section, path: Path, known: ReadonlySet<string>): boolean {
  if (section.depth === 0 || section.stride || section.topic !== 'context' || subsections(section).length > 0)
    return false;
  if (
    section.blocks.some((block) => block.kind === 'table' && typeTable(block, path.topic).kind === 'threats')
  )
    return false;
  if (known.has(normaliseName(section.title)) || known.has(normaliseName(splitId(section.title).rest)))
    return false;
  const { fields } = sectionFields(section);
  const below = path.topic === 'threats' || path.around.stride !== undefined;
  const { id } = splitId(section.title.replace(/^\d+\.\s+/, ''));
  const filled = section.blocks.length > 0 || section.children.length > 0;
  if (
    /^threat\s*(?:(?:id\s*)?[-_ ]?[\w.-]{0,8}\d[\w.-]{0,6}\s*)?(?::|\s[–—-])\s/iu.test(section.title) &&
    filled &&
    section.depth < 7
  )
    return true;
  if (below && id !== undefined && filled) return true;
  if (tellsThreat(fields) && section.depth < 7)
    return !['components', 'assets', 'mitigations', 'vendors', 'assumptions'].includes(path.topic);
  return (
    below &&
    section.depth < 7 &&
    section.depth > 1 &&
    section.blocks.some((block) => block.kind === 'paragraph')
  );
}
