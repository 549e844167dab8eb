import { listElements, type ModelElement } from '../core/coverage/elements.ts';
import { compareStrength, matchSubject } from '../core/coverage/match.ts';
import { callName, indexModels, type ModelIndex } from '../core/coverage/model-index.ts';
import { subjectOf } from '../core/coverage/subject.ts';
import type { Fact } from '../core/model/fact.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Resource } from '../core/model/resource.ts';
import type { ThreatModel } from '../core/model/threat-model.ts';
import type { Finding } from './read-sarif.ts';

/** A component of the threat model, and whose it is. */
export interface ModelledComponent {
  readonly name: string;
  readonly owner: string | undefined;
}

/** What a commit declares, as far as findings are about it. */
export interface Declared {
  readonly models: readonly ThreatModel[];
  readonly resources: readonly Resource[];
  readonly policy: Policy;
}

/** Resources of one file that are looked at, where the line tells none. */
const MOST_RESOURCES = 20;

/** Findings → components. One that is on nothing modelled has none: it is the scanner’s to tell of. */
export function componentFinder({
  models,
  resources,
  policy,
}: Declared): (finding: Finding) => readonly ModelledComponent[] {
  const index = indexModels(listElements(models, { touched: [], changes: [] }, 'head'), []);
  const owners = new Map(models.map((model) => [model.file, model.owner]));
  const byFile = Map.groupBy(resources, (resource) => resource.file);
  const known = new Map<Resource, readonly ModelElement[]>();
  const elementsOf = (resource: Resource): readonly ModelElement[] => {
    const found = known.get(resource) ?? matched(resource, index, policy);
    known.set(resource, found);
    return found;
  };
  return ({ file, line, logical }) => {
    const here = file === undefined ? [] : resourcesAt(byFile.get(file) ?? [], line);
    const found = [
      ...here.flatMap(elementsOf),
      ...logical.flatMap((name) => named(name, index)),
      ...(file === undefined ? [] : atPath(file, index)),
    ];
    const components = new Map(
      found.filter(isComponent).map((e) => [e.node.name, e.node.owner ?? owners.get(e.model)] as const),
    );
    return [...components].map(([name, owner]) => ({ name, owner: owner?.replace(/^@/, '') }));
  };
}

const isComponent = ({ element }: ModelElement): boolean => element === 'component';

/** The innermost that the line is in; else all of the file. */
function resourcesAt(all: readonly Resource[], line: number | undefined): readonly Resource[] {
  const around = all.filter(
    ({ span }) => line !== undefined && span.startLine <= line && line <= span.endLine,
  );
  const [inner] = around.toSorted(
    (a, b) => a.span.endLine - a.span.startLine - (b.span.endLine - b.span.startLine),
  );
  return inner ? [inner] : all.slice(0, MOST_RESOURCES);
}

/** The best of each kind of reason, as coverage has it: a name that is only alike counts where nothing else connects them. */
function matched(resource: Resource, index: ModelIndex, policy: Policy): readonly ModelElement[] {
  const matches = matchSubject(subjectOf(asFact(resource)), index, policy)
    .filter((match) => isComponent(match.element))
    .toSorted(compareStrength);
  const [best] = matches;
  return matches.filter((match) => match.basis === best?.basis).map((match) => match.element);
}

/** What the matching looks at of a resource. */
function asFact({ stack, address, scope, type, file, span }: Resource): Fact {
  return {
    id: '',
    rule: '',
    kind: 'setting-changed',
    categories: [],
    signals: [],
    stack,
    address,
    scope,
    type,
    statement: '',
    file,
    line: span.startLine,
    side: 'head',
    deciding: false,
  };
}

function named(name: string, index: ModelIndex): readonly ModelElement[] {
  return [
    ...(index.called.get(callName(name)) ?? []),
    ...(index.explicit.get(name) ?? []),
    ...(index.native.get(name) ?? []),
  ].map((mention) => mention.element);
}

/** By a reference to the file, or to the nearest folder above it that the model names. */
function atPath(file: string, index: ModelIndex): readonly ModelElement[] {
  const patterns = index.patterns
    .filter((mention) => mention.matches(file))
    .map((mention) => mention.element);
  if (patterns.length > 0) return patterns;
  const parts = file.split('/');
  for (let end = parts.length; end > 0; end--) {
    const path = parts.slice(0, end).join('/');
    const found = [path, `${path}/`].flatMap((at) => [
      ...(index.explicit.get(at) ?? []),
      ...(index.native.get(at) ?? []),
    ]);
    if (found.length > 0) return found.map((mention) => mention.element);
  }
  return [];
}
