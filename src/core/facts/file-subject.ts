import type { Resource } from '../model/resource.ts';
import { map } from '../values/value.ts';

/** A file (or folder) as the subject of a fact, for facts that are about no declared resource. */
export function fileSubject(o: {
  readonly stack: string;
  readonly type: string;
  readonly address: string;
  readonly scope: string;
  readonly file: string;
}): Resource {
  const name = o.address.slice(o.address.lastIndexOf('/') + 1);
  return { ...o, name, span: { startLine: 1, endLine: 1 }, values: map([], 1), references: [] };
}

/** Folder of a path; empty for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
