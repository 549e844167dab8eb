import type { Question } from '../audit/make-package.ts';
import type { Place } from '../store/place.ts';

/** What the thread that makes a package is given. */
export interface ExportTask {
  readonly place: Place;
  readonly question: Pick<Question, 'period' | 'repositories' | 'sample' | 'generatedAt'>;
  /** Ids: there are no others for this package. */
  readonly repositories: readonly number[];
  /** Written first, and then packed. */
  readonly folder: string;
  readonly zip: string;
}

/** What it tells, in its own time; the last one is not `doing`. */
export type ExportNews =
  | { readonly kind: 'doing'; readonly doing: string }
  | { readonly kind: 'done'; readonly digest: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly problem: string; readonly remedy: string }
  | { readonly kind: 'broken'; readonly why: string };
