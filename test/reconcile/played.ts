/** The service over a database in a file, the double behind a socket, and the command that compares the two. */
import { join } from 'node:path';
import { createGitHub } from '../../src/github/github.ts';
import { run } from '../../src/cli/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Ended } from '../cli/command-line.ts';
import { git } from '../double/shared-git.ts';
import { keyPair } from '../double/key-pair.ts';
import type { Permissions } from '../double/state/nouns.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';
import {
  fetchOf,
  receive,
  setTheScene,
  START,
  workerOf,
  type ServiceUnderTest,
  type Setting,
} from '../service/harness.ts';
import { peopleOf, REPO, type People } from '../service/people.ts';

export { REPO };
export const DAY = 86_400_000;
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Played {
  readonly service: Pick<ServiceUnderTest, 'gh' | 'clock' | 'settle' | 'installation'>;
  readonly people: People;
  readonly file: string;
  /** Time goes by, and what is due is done. */
  readonly days: (days: number) => Promise<void>;
  /** Straight to the branch, and long enough until it is on record. */
  readonly push: (name: string) => Promise<string>;
  readonly merge: (
    branch: string,
    method: 'merge' | 'squash' | 'rebase',
    commits?: number,
  ) => Promise<number>;
  /** The command in this process; GitHub over its socket. */
  readonly reconcile: (...args: readonly string[]) => Promise<Ended>;
  readonly withToken: (token: string | undefined, ...args: readonly string[]) => Promise<Ended>;
  readonly token: (permissions: Permissions) => string;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** As `serviceUnderTest`, but for the file and the socket. */
export async function played(): Promise<Played> {
  const clock = { at: START };
  const now = (): string => new Date(clock.at).toISOString();
  const file = join(temporaryFolder(), 'threatgate.sqlite');
  const store = await openStore({ file });
  const setting: Setting = setTheScene({
    git,
    clock,
    limits: { tokenLifetime: 1e12 },
    deliver: (request) => receive(request, setting.app, store, now()),
  });
  const hosting = createGitHub({
    appId: setting.app.id,
    privateKey: keyPair().privateKey,
    fetch: fetchOf(setting),
    now: () => new Date(clock.at),
    log: QUIET,
  });
  const work = workerOf({ setting, store, hosting, log: QUIET }, 'worker');
  const settle = async (patienceMs = 0): Promise<void> => {
    const until = clock.at + patienceMs;
    for (;;) {
      const done = (await setting.gh.deliverPending()) + (await work());
      if (done > 0) continue;
      const due = await store.queue.nextDue();
      if (due === undefined || Date.parse(due) > until) return;
      clock.at = Math.max(clock.at, Date.parse(due));
    }
  };
  const service: ServiceUnderTest = {
    ...setting,
    store,
    hosting,
    requests: [],
    logged: [],
    now,
    pass: (ms) => void (clock.at += ms),
    settle,
    reconcile: () => Promise.reject(new Error('Not here.')),
    close: () => store.close(),
  };
  const { control } = setting.gh;
  const people = peopleOf(service);
  const listening = await setting.gh.listen();
  const url = `${listening.url}/api/v3`;
  const withToken = (token: string | undefined, ...args: readonly string[]): Promise<Ended> => {
    const env = { GITHUB_API_URL: url, GITHUB_TOKEN: token ?? '', GH_TOKEN: '', GITHUB_GRAPHQL_URL: '' };
    Object.assign(process.env, env);
    return called(now, ...args);
  };
  return {
    service,
    people,
    file,
    days: async (days) => {
      clock.at += days * DAY;
      await settle();
    },
    push: async (name) => {
      const sha = await people.settled(() =>
        control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { [`${name}.txt`]: name } }),
      );
      await settle(120_000);
      return sha;
    },
    merge: async (branch, method, commits = 1) => {
      for (let i = 1; i < commits; i++) people.commit(branch, { [`${branch}-${i}.txt`]: branch });
      const number = await people.open({ [`${branch}.txt`]: branch }, { branch });
      await people.settled(() => control.merge({ repo: REPO, number, by: 'bob', method }));
      await settle(120_000);
      return number;
    },
    reconcile: (...args) => withToken(control.createUserToken('ada'), REPO, '--database', file, ...args),
    withToken,
    token: (permissions) => control.createActionsToken({ repo: REPO, permissions }),
    url,
    close: async () => {
      await listening.close();
      await store.close();
      setting.gh.dispose();
    },
  };
}

/** The command line at an instant of the story. */
export async function called(now: () => string, ...args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { cwd: '/', columns: 100, colour: false, now };
  const code = await run(['reconcile', ...args], {
    ...io,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { code, out: out.join(''), err: err.join('') };
}
