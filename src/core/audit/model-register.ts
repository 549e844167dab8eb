import type { AuditRecord } from '../model/record.ts';
import { compare } from './order.ts';
import { readRecordedModels, type ModelDocument, type ModelsDocument } from './recorded-models.ts';

/** Where a line of the register of models comes from. */
interface Line {
  readonly repository: AuditRecord['repository'];
  /** Sequence number of the `model-recorded` record, and when it was written. */
  readonly record: number;
  readonly at: string;
  /** File of the model. */
  readonly file: string;
  readonly model: string;
}

export interface ThreatLine extends Line {
  readonly key: string;
  readonly threat: string;
  readonly description: string | undefined;
  readonly stride: string;
  /** Names of the components, flows and boundaries that it is about. */
  readonly about: readonly string[];
  readonly severity: string;
  readonly likelihood: string | undefined;
  readonly impact: string | undefined;
  readonly status: string;
  readonly justification: string | undefined;
  readonly expires: string | undefined;
  /** Of the threat, else of the model. */
  readonly owner: string | undefined;
  readonly mitigations: readonly string[];
  readonly tickets: readonly string[];
}

export interface VendorLine extends Line {
  readonly vendor: string;
  readonly description: string | undefined;
  readonly owner: string | undefined;
  /** Flows from or to it, as `source → target`. */
  readonly flows: readonly string[];
  /** Boundaries that these flows cross. */
  readonly boundaries: readonly string[];
}

export interface AssumptionLine extends Line {
  readonly assumption: string;
}

export interface InventoryLine extends Line {
  readonly kind: 'component' | 'data-flow' | 'trust-boundary' | 'data-asset';
  readonly name: string;
  /** `process`, `data-store` …; of a flow its protocol. */
  readonly type: string | undefined;
  readonly description: string | undefined;
  readonly owner: string | undefined;
  /** Boundaries that it is in, or crosses. */
  readonly boundaries: readonly string[];
  /** Resources in code that it stands for. */
  readonly resources: readonly string[];
  readonly tags: readonly string[];
}

/** What the threat models of some repositories said as of an instant. */
export interface ModelRegister {
  readonly threats: readonly ThreatLine[];
  readonly vendors: readonly VendorLine[];
  readonly assumptions: readonly AssumptionLine[];
  readonly inventory: readonly InventoryLine[];
  /** Repositories whose models could not be read wholly, each with what was wrong. */
  readonly doubts: readonly (Pick<Line, 'repository' | 'record'> & { readonly what: string })[];
}

/** `recorded`: the last `model-recorded` record of each repository at that instant; `textOf` has its document. */
export function modelRegisterOf(
  recorded: readonly AuditRecord[],
  textOf: (digest: string) => string | undefined,
): ModelRegister {
  const read = [...recorded]
    .sort(inOrder)
    .map((record) => ({ record, document: documentOf(record, textOf) }));
  const lines = read.flatMap(({ record, document }) =>
    (document?.models ?? []).map((model) => ({ line: lineOf(record, model), model })),
  );
  return {
    threats: lines.flatMap(({ line, model }) => threatsOf(line, model)),
    vendors: lines.flatMap(({ line, model }) => vendorsOf(line, model)),
    assumptions: lines.flatMap(({ line, model }) =>
      model.assumptions.map((assumption) => ({ ...line, assumption })),
    ),
    inventory: lines.flatMap(({ line, model }) => inventoryOf(line, model)),
    doubts: read.flatMap(({ record, document }) =>
      (document?.doubts ?? ['What the models said is not on record.']).map((what) => ({
        repository: record.repository,
        record: record.sequence,
        what,
      })),
    ),
  };
}

/** The last one of each repository that was written before, or at, an instant. `records`: any, in any order. */
export function lastModels(records: readonly AuditRecord[], at: string): readonly AuditRecord[] {
  const last = new Map<number, AuditRecord>();
  for (const record of records) {
    if (record.kind !== 'model-recorded' || Date.parse(record.at) > Date.parse(at)) continue;
    const other = last.get(record.repository.id);
    if (other === undefined || other.sequence < record.sequence) last.set(record.repository.id, record);
  }
  return [...last.values()].sort(inOrder);
}

const inOrder = (a: AuditRecord, b: AuditRecord): number =>
  compare(a.repository.name, b.repository.name) || a.repository.id - b.repository.id;

function documentOf(
  { details }: AuditRecord,
  textOf: (digest: string) => string | undefined,
): ModelsDocument | undefined {
  const { document } = details;
  const text = typeof document === 'string' ? textOf(document) : undefined;
  return text === undefined ? undefined : readRecordedModels(text);
}

function lineOf({ repository, sequence, at }: AuditRecord, { file, title }: ModelDocument): Line {
  return { repository, record: sequence, at, file, model: title ?? file };
}

/** Names of the elements of a model by their keys; a key that nothing has is shown as it is. */
function namesIn(model: ModelDocument): (key: string) => string {
  const names = new Map(
    [model.components, model.flows, model.boundaries, model.dataAssets, model.vendors]
      .flat()
      .map(({ key, name }) => [key, name]),
  );
  return (key) => names.get(key) ?? key;
}

function threatsOf(line: Line, model: ModelDocument): readonly ThreatLine[] {
  const nameOf = namesIn(model);
  return model.threats.map((threat) => ({
    ...line,
    key: threat.key,
    threat: threat.name,
    description: threat.description,
    stride: threat.stride.join(''),
    about: [...threat.targets.map(nameOf), ...threat.unresolvedTargets],
    severity: threat.severity.level,
    likelihood: threat.severity.likelihood,
    impact: threat.severity.impact,
    status: threat.status.state,
    justification: threat.status.justification,
    expires: threat.status.expires,
    owner: threat.owner ?? model.owner,
    mitigations: threat.mitigations.map(mitigationOf),
    tickets: [...new Set([...threat.tickets, ...threat.mitigations.flatMap(({ tickets }) => tickets)])],
  }));
}

function mitigationOf({ text, state, due }: ModelDocument['threats'][number]['mitigations'][number]): string {
  const more = [...(state === 'unset' ? [] : [state]), ...(due === undefined ? [] : [`due ${due}`])];
  return more.length === 0 ? text : `${text} (${more.join(', ')})`;
}

function vendorsOf(line: Line, model: ModelDocument): readonly VendorLine[] {
  const nameOf = namesIn(model);
  return model.vendors.map(({ key, name, description, owner }) => {
    const flows = model.flows.filter(({ source, target }) => source === key || target === key);
    return {
      ...line,
      vendor: name,
      description,
      owner: owner ?? model.owner,
      flows: flows.map((flow) => arrowOf(flow, nameOf)),
      boundaries: [...new Set(flows.flatMap(({ crosses }) => crosses.map(nameOf)))],
    };
  });
}

function arrowOf(
  { source, target, name }: ModelDocument['flows'][number],
  nameOf: (key: string) => string,
): string {
  const ends = [source, target].map((end) => (end === undefined ? '?' : nameOf(end)));
  return source === undefined && target === undefined ? name : ends.join(' → ');
}

function inventoryOf(line: Line, model: ModelDocument): readonly InventoryLine[] {
  const nameOf = namesIn(model);
  const common = (kind: InventoryLine['kind'], node: ModelDocument['dataAssets'][number]) => ({
    ...line,
    kind,
    name: node.name,
    description: node.description,
    owner: node.owner ?? model.owner,
    resources: node.refs.map(({ value }) => value),
    tags: node.tags,
  });
  return [
    ...model.components.map((node) => ({
      ...common('component', node),
      type: node.subtype ?? node.kind,
      boundaries: node.boundaries.map(nameOf),
    })),
    ...model.flows.map((node) => ({
      ...common('data-flow', node),
      name: arrowOf(node, nameOf),
      // A name that only repeats an end of the arrow says nothing more.
      description: node.description ?? (arrowOf(node, nameOf).includes(node.name) ? undefined : node.name),
      type: node.protocol,
      boundaries: node.crosses.map(nameOf),
    })),
    ...model.boundaries.map((node) => ({
      ...common('trust-boundary', node),
      type: undefined,
      boundaries: node.parent === undefined ? [] : [nameOf(node.parent)],
    })),
    ...model.dataAssets.map((node) => ({ ...common('data-asset', node), type: undefined, boundaries: [] })),
  ];
}
