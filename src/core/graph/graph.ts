import type { Resource } from '../model/resource.ts';

/** Resources of one side and who mentions whom. */
export interface Graph {
  readonly resources: readonly Resource[];
  /** By address within a scope; undefined when the scope does not declare it. */
  find(scope: string, address: string): Resource | undefined;
  /** Resources this one mentions. */
  mentionedBy(resource: Resource): readonly Resource[];
  /** Resources that mention this one. */
  mentioning(resource: Resource): readonly Resource[];
}
