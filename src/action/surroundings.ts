import { readFile } from 'node:fs/promises';
import { UserError } from '../review/errors.ts';

/** What the runner tells about the run, from its variables. */
export interface Surroundings {
  readonly event: string;
  readonly payload: unknown;
  /** `owner/name` of the repository that the workflow runs for. */
  readonly repository: string;
  readonly apiUrl: string | undefined;
  readonly graphqlUrl: string | undefined;
  /** File name of the workflow. */
  readonly workflow: string | undefined;
  readonly job: string;
  readonly run: { readonly id: string; readonly attempt: string; readonly url: string };
  readonly workspace: string | undefined;
  readonly temporary: string;
}

const NOT_A_RUN =
  'Run it as a step of a workflow; on a machine of your own, use `threatgate check`, which gives the same verdict.';

export async function readSurroundings(env: NodeJS.ProcessEnv): Promise<Surroundings> {
  const need = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '')
      throw new UserError(`The variable ${name} is not set, so this is no run of GitHub Actions.`, NOT_A_RUN);
    return value;
  };
  const repository = need('GITHUB_REPOSITORY');
  const [, workflow] = /^[^@]*\/\.github\/workflows\/([^/@]+)@/.exec(env['GITHUB_WORKFLOW_REF'] ?? '') ?? [];
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const id = env['GITHUB_RUN_ID'] ?? '0';
  return {
    event: need('GITHUB_EVENT_NAME'),
    payload: await readPayload(need('GITHUB_EVENT_PATH')),
    repository,
    apiUrl: env['GITHUB_API_URL'],
    graphqlUrl: env['GITHUB_GRAPHQL_URL'],
    workflow,
    job: env['GITHUB_JOB'] ?? '',
    run: {
      id,
      attempt: env['GITHUB_RUN_ATTEMPT'] ?? '1',
      url: `${server}/${repository}/actions/runs/${id}`,
    },
    workspace: env['GITHUB_WORKSPACE'],
    temporary: need('RUNNER_TEMP'),
  };
}

async function readPayload(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new UserError(`The event file ${path} could not be read as JSON.`, NOT_A_RUN, { cause });
  }
}
