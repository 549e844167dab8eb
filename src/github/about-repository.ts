import { z } from 'zod';
import type { RepositoryRef } from '../review/work.ts';
import type { Client } from './client.ts';
import { id } from './shapes.ts';

export interface AboutRepository {
  readonly repository: RepositoryRef;
  readonly defaultBranch: string;
  readonly archived: boolean;
}

/** A name as the routes take it. */
export const partsOf = ({ name }: Pick<RepositoryRef, 'name'>) => {
  const [owner, repo] = name.split('/');
  return { owner, repo };
};

const about = z.object({ id, full_name: z.string(), default_branch: z.string(), archived: z.boolean() });

export async function aboutRepository(client: Client, name: string): Promise<AboutRepository> {
  const { value } = await client.rest(about, 'GET /repos/{owner}/{repo}', partsOf({ name }));
  return {
    repository: { id: value.id, name: value.full_name },
    defaultBranch: value.default_branch,
    archived: value.archived,
  };
}
