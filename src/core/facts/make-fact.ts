import { CATEGORIES, SIGNALS } from '../model/fact.ts';
import type { Category, ElementKind, Fact, FactKind, Signal } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import type { Side } from '../model/span.ts';
import { redact } from '../access/secret-shapes.ts';
import { describeType } from '../semantics/describe.ts';

/** What a detector knows about an observation; everything that follows from the resource is filled in. */
export interface Observation {
  readonly rule: string;
  readonly kind: FactKind;
  readonly categories: readonly Category[];
  readonly signals: readonly Signal[];
  /** The resource it is about; its line is the evidence when there is no change. */
  readonly resource: Resource;
  readonly change?: AttributeChange | undefined;
  /** Side of the evidence when there is no change; `head` unless told. */
  readonly side?: Side | undefined;
  /** Line of the evidence on its side, when it is neither the change's nor the resource's first. */
  readonly line?: number | undefined;
  readonly statement: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly deciding: boolean;
  /** Tells two facts of one rule on one resource apart: a path, a member, a port. No line numbers. */
  readonly detail?: string | undefined;
  readonly reaches?: readonly string[] | undefined;
  /** Replace what the semantics data says of the type. */
  readonly family?: string | undefined;
  readonly element?: ElementKind | undefined;
}

/** Completes an observation to a fact: id, stack, address, scope, type, family, element, file, line and side. */
export function makeFact(o: Observation): Fact {
  const { resource } = o;
  const known = describeType(resource.stack, resource.type);
  const family = o.family ?? known.family;
  const element = o.element ?? known.element;
  return {
    id: [o.rule, resource.scope, resource.address, o.detail ?? ''].join('|'),
    rule: o.rule,
    kind: o.kind,
    categories: CATEGORIES.filter((c) => o.categories.includes(c)),
    signals: SIGNALS.filter((s) => o.signals.includes(s)),
    stack: resource.stack,
    address: resource.address,
    scope: resource.scope,
    type: resource.type,
    ...(family === undefined ? {} : { family }),
    ...(element === undefined ? {} : { element }),
    statement: redact(o.statement.replace(/\s+/g, ' ')),
    file: resource.file,
    line: o.line ?? o.change?.line ?? resource.span.startLine,
    side: o.change?.side ?? o.side ?? 'head',
    ...(o.before === undefined ? {} : { before: redact(o.before) }),
    ...(o.after === undefined ? {} : { after: redact(o.after) }),
    ...(o.reaches === undefined || o.reaches.length === 0 ? {} : { reaches: [...o.reaches].sort() }),
    deciding: o.deciding,
  };
}

/**
 * The same for a delta: takes the resource of the side on which the evidence stands (base for what is gone, so that
 * file and line belong together) but keeps the head's address, under which people will look for it.
 */
export function makeDeltaFact(delta: ResourceDelta, o: Omit<Observation, 'resource'>): Fact {
  const side: Side = o.change?.side ?? o.side ?? (delta.head ? 'head' : 'base');
  const named = subject(delta);
  const seen = (side === 'base' ? delta.base : delta.head) ?? named;
  return makeFact({ ...o, side, resource: { ...named, file: seen.file, span: seen.span } });
}

/** The resource of a delta as it is now, or as it was when it is gone. */
export function subject(delta: ResourceDelta): Resource {
  const resource = delta.head ?? delta.base;
  if (!resource)
    throw new TypeError('a resource delta has neither side: the diff stage must give at least one');
  return resource;
}
