import { explained, githubOf, personOf } from '../github/environment.ts';
import type { TokenGitHub } from '../github/with-token.ts';
import type { Actor } from '../core/model/record.ts';
import { BUILT_IN_POLICY } from '../core/policy/defaults.generated.ts';
import { UserError } from '../review/errors.ts';
import type { PolicyReading } from '../review/read-policy.ts';
import { keptPolicy } from '../review/re-review/kept-policy.ts';
import type { RepositoryRef } from '../review/work.ts';
import { openToRecord, type Recorder } from '../store/open-to-write.ts';
import { placeOf } from '../store/place.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command stands on that adds to the trail by hand. */
export interface Desk {
  readonly recorder: Recorder;
  readonly env: Environment;
  readonly now: string;
}

export interface Place {
  readonly database: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly now: string;
}

/** Opens the database that is there, and lets go of it whatever happens. Errors of GitHub are told to whoever asked. */
export async function atDesk<T>(place: Place, act: (desk: Desk) => Promise<T>): Promise<T> {
  const { env, now } = place;
  const recorder = await openToRecord(placeOf(place.database, env, place.cwd));
  try {
    return await act({ recorder, env, now });
  } catch (error) {
    throw explained(error);
  } finally {
    await recorder.close();
  }
}

/** The repository by the name in its last record. */
export async function repositoryNamed(name: string, recorder: Recorder): Promise<RepositoryRef> {
  const all = await recorder.repositories();
  const found = all.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const [repository, ...more] = found;
  if (repository && more.length === 0) return repository;
  const names = all
    .slice(0, 20)
    .map((one) => one.name)
    .join(', ');
  throw new UserError(
    repository
      ? `Two repositories on record were called \`${name}\` one after the other.`
      : `The database has no record of the repository \`${name}\`.`,
    repository
      ? 'Ask the App to look at the newer one, so that it has its own name again.'
      : `It has records of ${names || 'none'}. Check --repo and --database.`,
  );
}

/** The rules that were last seen on its default branch. */
export async function policyOf(repository: RepositoryRef, recorder: Recorder): Promise<PolicyReading> {
  const last = (await recorder.records({ repository: repository.id, kinds: ['policy-changed'] })).at(-1);
  const digest = last?.details['document'];
  const kept =
    typeof digest === 'string' ? await keptPolicy({ repository, policy: digest }, recorder) : undefined;
  return kept ?? { policy: BUILT_IN_POLICY, doubts: [] };
}

export interface Signed {
  readonly github: TokenGitHub;
  readonly actor: Actor;
}

/** Whose token it is, and what they may do there: asked of GitHub, because an argument proves nothing. */
export async function signedBy(
  { env, now }: Desk,
  repository: RepositoryRef,
  rights = 'metadata of the repository',
): Promise<Signed> {
  const github = githubOf(env, now, rights);
  const account = await personOf(github);
  const permission = await github.hosting.permission(repository, account.login);
  return { github, actor: { ...account, role: permission } };
}
