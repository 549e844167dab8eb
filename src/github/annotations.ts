import { z } from 'zod';
import type { Annotation } from '../core/report/check-run.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client } from './client.ts';
import { allPages } from './pages.ts';

/**
 * GitHub appends: whatever annotations a request carries are added to those the run has, and nothing takes one away. So an
 * update in place sends only annotations that the run has not got yet, and one that no longer holds stays visible until
 * the next head. (A new run for the same head would be rid of it, at the price of a second run on the same commit; the
 * summary, which is always replaced whole, is where the truth stands.)
 */

/** GitHub takes no more per request. */
const PER_REQUEST = 50;
/** Runs remembered; of any other GitHub is asked what it has. */
const MOST_RUNS = 2_000;
const MOST_PAGES = 10;

/** Which annotations a run has got from us, as far as this process knows. */
export interface SentAnnotations {
  /** Undefined for a run that another process wrote. */
  of(run: number): ReadonlySet<string> | undefined;
  add(run: number, annotations: readonly Annotation[]): void;
  forget(run: number): void;
}

export function sentAnnotations(): SentAnnotations {
  const runs = new Map<number, Set<string>>();
  return {
    of: (run) => runs.get(run),
    forget: (run) => void runs.delete(run),
    add(run, annotations) {
      const known = runs.get(run) ?? new Set();
      runs.delete(run);
      runs.set(run, known);
      for (const annotation of annotations) known.add(keyOf(annotation));
      for (const oldest of runs.keys()) {
        if (runs.size <= MOST_RUNS) break;
        runs.delete(oldest);
      }
    },
  };
}

export function inBatches(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  return Array.from({ length: Math.ceil(annotations.length / PER_REQUEST) }, (_, index) =>
    annotations.slice(index * PER_REQUEST, (index + 1) * PER_REQUEST),
  );
}

const listed = z.array(
  z.object({
    path: z.string(),
    start_line: z.number().int(),
    end_line: z.number().int(),
    annotation_level: z.string().nullable(),
    title: z.string().nullable(),
    message: z.string().nullable(),
  }),
);

/** Those of the draft that the run does not have; a request only where there are some and nobody remembers. */
export async function unsentAnnotations(
  client: Client,
  { name }: RepositoryRef,
  run: number,
  annotations: readonly Annotation[],
  sent: SentAnnotations,
): Promise<readonly Annotation[]> {
  if (annotations.length === 0) return [];
  const known = sent.of(run);
  if (known) return annotations.filter((annotation) => !known.has(keyOf(annotation)));
  const [owner, repo] = name.split('/');
  const { items, complete } = await allPages(client, listed, (answer) => answer, {
    route: 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    parameters: { owner, repo, check_run_id: run },
    most: MOST_PAGES,
  });
  const there = items.map((item) => ({
    path: item.path,
    startLine: item.start_line,
    endLine: item.end_line,
    level: item.annotation_level ?? '',
    title: item.title ?? '',
    message: item.message ?? '',
  }));
  const keys = new Set(there.map(keyOf));
  // More than can be listed: rather one too few than the same once more.
  const missing = complete ? annotations.filter((annotation) => !keys.has(keyOf(annotation))) : [];
  sent.add(
    run,
    annotations.filter((annotation) => !missing.includes(annotation)),
  );
  return missing;
}

/** GitHub may trim what it is given. */
function keyOf(a: Omit<Annotation, 'level'> & { readonly level: string }): string {
  return JSON.stringify([a.path, a.startLine, a.endLine, a.level, a.title.trim(), a.message.trim()]);
}

export const annotationBody = (annotation: Annotation) => ({
  path: annotation.path,
  start_line: annotation.startLine,
  end_line: annotation.endLine,
  annotation_level: annotation.level,
  title: annotation.title,
  message: annotation.message,
});
