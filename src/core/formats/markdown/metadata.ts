import type { ThreatModel } from '../../model/threat-model.ts';
import type { MarkdownReading } from '../../syntax/markdown.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { get, text } from '../../values/value.ts';
import { isSaid, readDate } from '../conventions.ts';
import { given, normaliseName, oneLine } from '../reading/text.ts';
import { fieldOf, fieldText, readFields } from './fields.ts';
import type { Section } from './outline.ts';

const DATE_LABELS = new Set([
  'last updated',
  'updated',
  'date',
  'last reviewed',
  'last modified',
  'last review',
  'generated',
  'stand',
  'datum',
  'fecha',
]);

/** Title, owner and date: from the front matter, the first heading, and labelled lines before the first chapter. */
export function readMetadata(
  reading: MarkdownReading,
  root: Section,
): Pick<ThreatModel, 'title' | 'owner' | 'date'> {
  const front = parseYaml(reading.frontMatter ?? '').documents[0]?.value;
  const first = root.children[0];
  const titled = first?.depth === 1 ? first : undefined;
  const { fields } = readFields([...root.blocks, ...(titled?.blocks ?? [])]);
  const owner = text(get(front, 'owner')) ?? fieldOf(fields, 'owner')?.text;
  const dated = fields.find((field) => DATE_LABELS.has(normaliseName(field.label)));
  const date =
    text(get(front, 'date')) ?? text(get(front, 'last_updated')) ?? (dated ? fieldText(dated) : undefined);
  const title = text(get(front, 'title')) ?? titled?.title ?? first?.title;
  return given({
    title: title === undefined || title === '' ? undefined : oneLine(title),
    owner: owner !== undefined && isSaid(owner) ? oneLine(owner) : undefined,
    date: date === undefined ? undefined : (readDate(date) ?? oneLine(date)),
  });
}
