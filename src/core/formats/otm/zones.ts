/** What a component lies in: a trust zone, or another component. */
export interface Parent {
  readonly zone?: string;
  readonly part?: string;
}

const DEEPEST = 64;

/** Id of the trust zone around a component, through the components it lies in. Circles and long chains have none. */
export function zoneOf(id: string, parentOf: ReadonlyMap<string, Parent>): string | undefined {
  let at = parentOf.get(id);
  for (let depth = 0; at && depth < DEEPEST; depth++) {
    if (at.zone !== undefined) return at.zone;
    at = at.part === undefined ? undefined : parentOf.get(at.part);
  }
  return undefined;
}
