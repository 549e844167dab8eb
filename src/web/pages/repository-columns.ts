import type { RepositorySummary } from '../../core/model/view.ts';
import { digest } from '../layout/digest.ts';
import { moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import type { Column } from '../layout/table.ts';
import { foreign, grouped } from '../layout/words.ts';

/** A repository in a list: what is on record of it, and where its chain ends. */
export const repositoryColumns = (base: string): readonly Column<RepositorySummary>[] => [
  {
    title: 'Repository',
    kind: 'row',
    cell: (r) => link(pathsFrom(base).repository(r.name), foreign(r.name, 160)),
  },
  { title: 'Records', kind: 'number', cell: (r) => grouped(r.records) },
  { title: 'First record', cell: (r) => moment(r.firstAt) },
  { title: 'Last record', cell: (r) => moment(r.lastAt) },
  { title: 'End of the chain', cell: (r) => digest(r.head) },
];
