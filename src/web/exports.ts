import type { Period } from '../core/model/audit.ts';
import type { Viewer } from './context.ts';

/** What a package is made of. */
export interface ExportQuery {
  readonly period: Period;
  /** Ids; every one has to be in the viewer's scope. Empty for all that are in it. */
  readonly repositories: readonly number[];
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
}

export type ExportProgress =
  | { readonly state: 'waiting' }
  /** `doing`: a line for a person who waits. */
  | { readonly state: 'running'; readonly doing: string }
  | { readonly state: 'done'; readonly bytes: number; readonly digest: string }
  /** `problem` and `remedy` are for people. */
  | { readonly state: 'failed'; readonly problem: string; readonly remedy: string };

export type ExportStatus = {
  readonly id: string;
  readonly query: ExportQuery;
  /** When it was asked for. */
  readonly at: string;
  /** After which it is removed. */
  readonly until: string;
} & ExportProgress;

export type Started =
  | { readonly kind: 'started'; readonly id: string }
  /** Their own, that is being made: one at a time. */
  | { readonly kind: 'busy'; readonly id: string }
  | { readonly kind: 'refused'; readonly problem: string; readonly remedy: string };

/** Evidence packages, made beside the pages while they go on answering. Each belongs to whoever asked for it. */
export interface Exports {
  start(query: ExportQuery, viewer: Viewer): Promise<Started>;
  /** Undefined when there is none, or when it is somebody else's, or holds a repository that left the viewer's scope. */
  status(id: string, viewer: Viewer): Promise<ExportStatus | undefined>;
  /** Newest first. */
  list(viewer: Viewer): Promise<readonly ExportStatus[]>;
  /** One zip; undefined unless it is done. */
  file(
    id: string,
    viewer: Viewer,
  ): Promise<{ readonly name: string; readonly bytes: Uint8Array | Blob } | undefined>;
}
