import type { ModelElementKind } from '../model/model-delta.ts';
import type { ModelLocation, ModelNode, ThreatModel } from '../model/threat-model.ts';
import {
  meaningOfComponent,
  meaningOfFlow,
  meaningOfBoundary,
  meaningOfNode,
  meaningOfThreat,
  type Meaning,
} from './meanings.ts';
import { nameForm, plainForm } from './plain-text.ts';

/** One element of one side, ready to be matched and compared. */
export interface Element {
  readonly kind: ModelElementKind;
  readonly file: string;
  readonly key: string;
  readonly nativeId?: string;
  readonly name: string;
  readonly form: string;
  /** Names around it that tell namesakes apart: ends of a flow, targets of a threat. */
  readonly context: readonly string[];
  readonly location: ModelLocation;
  /** What it says; references to other elements by `ref`, so that each side can put in its own names. */
  readonly meaning: (ref: (key: string) => string) => Meaning;
}

/** Key of an element in the pool of all models of a side. */
export function poolKey(file: string, key: string): string {
  return `${file}\n${key}`;
}

/** All elements of a side, in an order that does not depend on the order in their files. */
export function elementsOf(models: readonly ThreatModel[]): readonly Element[] {
  return models
    .flatMap(elementsOfModel)
    .sort((a, b) => compareText(`${a.file}\n${a.kind}\n${a.key}`, `${b.file}\n${b.kind}\n${b.key}`));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function elementsOfModel(model: ThreatModel): readonly Element[] {
  const { file } = model;
  const names = new Map(
    [...model.components, ...model.boundaries, ...model.flows, ...model.dataAssets, ...model.vendors].map(
      (one) => [one.key, nameForm(one.name)],
    ),
  );
  const named = (keys: readonly (string | undefined)[]): readonly string[] =>
    keys.flatMap((key) => (key === undefined ? [] : (names.get(key) ?? [])));
  const geometric = new Set(
    model.boundaries.filter((zone) => zone.membership === 'geometric').map((zone) => zone.key),
  );
  return [
    ...model.components.map((one) => element('component', file, one, [], () => meaningOfComponent(one))),
    ...model.flows.map((one) =>
      element('flow', file, one, named([one.source, one.target]), (ref) =>
        meaningOfFlow(one, ref, geometric),
      ),
    ),
    ...model.boundaries.map((one) =>
      element('boundary', file, one, [], (ref) => meaningOfBoundary(one, ref)),
    ),
    ...model.dataAssets.map((one) => element('data-asset', file, one, [], () => meaningOfNode(one))),
    ...model.vendors.map((one) => element('vendor', file, one, [], () => meaningOfNode(one))),
    ...model.threats.map((one) =>
      element('threat', file, one, [...named(one.targets), ...one.unresolvedTargets.map(nameForm)], (ref) =>
        meaningOfThreat(one, ref),
      ),
    ),
    ...model.assumptions.map((text) => assumption(text, file)),
  ];
}

function element(
  kind: ModelElementKind,
  file: string,
  node: ModelNode,
  context: readonly string[],
  meaning: Element['meaning'],
): Element {
  const form = nameForm(node.name);
  return {
    kind,
    file,
    key: node.key,
    ...(node.nativeId === undefined ? {} : { nativeId: node.nativeId }),
    name: node.name,
    form,
    context,
    location: node.location,
    meaning,
  };
}

/** Assumptions are only text, so their text is their identity; a reworded one is one removed and one added, or a rename. */
function assumption(text: string, file: string): Element {
  const form = nameForm(text);
  return {
    kind: 'assumption',
    file,
    key: `assumption:${form}`,
    name: text,
    form,
    context: [],
    location: { file, line: 1 },
    meaning: () => ({ text: plainForm(text) }),
  };
}
