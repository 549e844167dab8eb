import { z } from 'zod';
import { canonicalJson } from '../digest.ts';
import type { ModelReading } from '../formats/read-models.ts';
import type { RecordedModel, RecordedModels } from '../model/recorded-models.ts';
import type { ModelNode, ThreatModel } from '../model/threat-model.ts';
import { compare } from './order.ts';

const SCHEMA = '1.0';

/** The text that is stored; the same models, the same text, in whatever order and at whatever lines they are written. */
export function recordedModels({ models, doubts }: ModelReading, unread: readonly string[] = []): string {
  const sentences = [...new Set([...unread, ...doubts.map(({ message }) => message)])].sort(compare);
  const recorded: RecordedModels = {
    schema: SCHEMA,
    complete: sentences.length === 0,
    doubts: sentences,
    models: models.map(recordedModel).sort((a, b) => compare(a.file, b.file)),
  };
  return canonicalJson(recorded);
}

function recordedModel(model: ThreatModel): RecordedModel {
  const { file, format, title, owner, date, assumptions } = model;
  return {
    file,
    format,
    ...(title === undefined ? {} : { title }),
    ...(owner === undefined ? {} : { owner }),
    ...(date === undefined ? {} : { date }),
    assumptions,
    components: inOrder(model.components),
    flows: inOrder(model.flows),
    boundaries: inOrder(model.boundaries),
    dataAssets: inOrder(model.dataAssets),
    vendors: inOrder(model.vendors),
    threats: inOrder(model.threats),
  };
}

function inOrder<Node extends ModelNode>(nodes: readonly Node[]): readonly Omit<Node, 'location'>[] {
  const placeless = (node: Node): string => canonicalJson({ ...node, location: undefined });
  return [...nodes]
    .sort((a, b) => compare(a.key, b.key) || compare(placeless(a), placeless(b)))
    .map((node) => ({ ...node, location: undefined }));
}

/** What a reader of the document relies on. Later versions may say more; what they say besides is kept. */
const text = z.string().optional();
const texts = z.array(z.string()).default([]);
const node = {
  key: z.string(),
  name: z.string(),
  description: text,
  tags: texts,
  owner: text,
  refs: z.array(z.looseObject({ kind: z.string(), value: z.string() })).default([]),
  outOfScope: z.looseObject({ reason: text }).optional(),
};
const severity = z.looseObject({ level: z.string(), raw: text, likelihood: text, impact: text });
const status = z.looseObject({ state: z.string(), raw: text, justification: text, expires: text });
const mitigation = z.looseObject({
  text: z.string(),
  state: z.string(),
  owner: text,
  tickets: texts,
  due: text,
});
const model = z.looseObject({
  file: z.string(),
  format: z.string(),
  title: text,
  owner: text,
  date: text,
  assumptions: texts,
  components: z.array(z.looseObject({ ...node, kind: z.string(), subtype: text, boundaries: texts })),
  flows: z.array(
    z.looseObject({
      ...node,
      source: text,
      target: text,
      protocol: text,
      encrypted: z.boolean().optional(),
      bidirectional: z.boolean().optional(),
      crosses: texts,
    }),
  ),
  boundaries: z.array(z.looseObject({ ...node, parent: text, members: texts })),
  dataAssets: z.array(z.looseObject(node)),
  vendors: z.array(z.looseObject(node)),
  threats: z.array(
    z.looseObject({
      ...node,
      targets: texts,
      unresolvedTargets: texts,
      stride: texts,
      categories: texts,
      severity,
      status,
      mitigations: z.array(mitigation).default([]),
      tickets: texts,
      origin: text,
    }),
  ),
});
const document = z.looseObject({
  schema: z.string().regex(/^1\.\d{1,4}$/),
  complete: z.boolean(),
  doubts: texts,
  models: z.array(model),
});

/** As it was stored: kinds and states are whatever words that version knew. */
export type ModelsDocument = z.output<typeof document>;
export type ModelDocument = ModelsDocument['models'][number];

/** Undefined when the text is no such document: it comes from a file or a database that somebody may have altered. */
export function readRecordedModels(stored: string): ModelsDocument | undefined {
  try {
    const read = document.safeParse(JSON.parse(stored));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
