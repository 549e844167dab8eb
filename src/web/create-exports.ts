import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrailView } from '../core/model/view.ts';
import type { Log } from '../review/deps.ts';
import type { Place } from '../store/place.ts';
import type { Viewer } from './context.ts';
import { exportFolder } from './export-folder.ts';
import { repositoriesOf, type NamedRepository } from './export-repositories.ts';
import { LONGEST_MS, runOnThread, type ExportEnd, type ExportRun, type RunExport } from './export-run.ts';
import type { ExportProgress, ExportQuery, Exports, ExportStatus, Started } from './exports.ts';

export interface ExportsDeps {
  readonly place: Place;
  /** Where a folder of its own is made, once it is needed. */
  readonly base: string;
  readonly view: Pick<TrailView, 'repositories'>;
  readonly now: () => string;
  readonly log: Log;
  /** On a thread, unless given. */
  readonly run?: RunExport;
}

/** How long a package can be fetched. */
const KEPT_MS = 3_600_000;
const MOST_EACH = 3;
const MOST_ALL = 30;

interface Job {
  readonly id: string;
  readonly owner: string;
  readonly query: ExportQuery;
  readonly repositories: readonly NamedRepository[];
  readonly at: string;
  until: string;
  progress: ExportProgress;
  run: ExportRun | undefined;
}

const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();
const ownerOf = (viewer: Viewer): string => viewer.id ?? viewer.role;
const isUnderWay = ({ progress }: Job): boolean =>
  progress.state === 'waiting' || progress.state === 'running';

const TOO_MANY = {
  kind: 'refused',
  problem: 'Too many packages are being made or waiting to be fetched.',
  remedy: 'Try again in an hour, or make it with `threatgate evidence` on the command line.',
} as const;

/** One package after the other; what is made lies in a folder that only this user can read, and not for long. */
export class PackageExports implements Exports {
  readonly #deps: ExportsDeps;
  readonly #jobs = new Map<string, Job>();
  #folder: Promise<string> | undefined;
  #isBusy = false;
  #isClosed = false;

  constructor(deps: ExportsDeps) {
    this.#deps = deps;
  }

  async start(query: ExportQuery, viewer: Viewer): Promise<Started> {
    await this.#prune();
    const chosen = await repositoriesOf(query, viewer, this.#deps.view);
    // From here on nothing is waited for: two that come at the same time see each other.
    const own = [...this.#jobs.values()].filter((job) => job.owner === ownerOf(viewer));
    const running = own.find(isUnderWay);
    if (running) return { kind: 'busy', id: running.id };
    if ('problem' in chosen) return { kind: 'refused', ...chosen };
    const old = own.slice(0, Math.max(0, own.length - MOST_EACH + 1));
    if (this.#isClosed || this.#jobs.size - old.length >= MOST_ALL) return TOO_MANY;
    const at = this.#deps.now();
    const job: Job = {
      id: randomUUID(),
      owner: ownerOf(viewer),
      query,
      repositories: chosen.repositories,
      at,
      until: later(at, LONGEST_MS + KEPT_MS),
      progress: { state: 'waiting' },
      run: undefined,
    };
    this.#jobs.set(job.id, job);
    await Promise.all(old.map((each) => this.#remove(each)));
    void this.#next();
    return { kind: 'started', id: job.id };
  }

  async status(id: string, viewer: Viewer): Promise<ExportStatus | undefined> {
    await this.#prune();
    const job = this.#jobs.get(id);
    return job && mayHave(viewer, job) ? shown(job) : undefined;
  }

  async list(viewer: Viewer): Promise<readonly ExportStatus[]> {
    await this.#prune();
    const own = [...this.#jobs.values()].filter((job) => mayHave(viewer, job));
    return own.map(shown).reverse();
  }

  async file(id: string, viewer: Viewer): ReturnType<Exports['file']> {
    await this.#prune();
    const job = this.#jobs.get(id);
    if (!job || !mayHave(viewer, job) || job.progress.state !== 'done') return undefined;
    const { from, to } = job.query.period;
    return {
      name: `evidence-${from.slice(0, 10)}-${to.slice(0, 10)}.zip`,
      bytes: await openAsBlob(join(await this.#place(), `${id}.zip`)),
    };
  }

  /** Ends what is being made, and removes everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#jobs.values()].map((job) => this.#remove(job)));
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** Made by the first one that needs it; nobody else may look into it. */
  #place(): Promise<string> {
    const { base, now } = this.#deps;
    this.#folder ??= exportFolder(base, Date.parse(now()));
    return this.#folder;
  }

  async #prune(): Promise<void> {
    const now = this.#deps.now();
    for (const job of this.#jobs.values()) if (job.until <= now) await this.#remove(job);
  }

  async #remove(job: Job): Promise<void> {
    this.#jobs.delete(job.id);
    await job.run?.stop();
    const folder = await this.#folder?.catch(() => undefined);
    if (folder === undefined) return;
    await rm(join(folder, job.id), { recursive: true, force: true });
    await rm(join(folder, `${job.id}.zip`), { force: true });
  }

  async #next(): Promise<void> {
    const job = [...this.#jobs.values()].find(({ progress }) => progress.state === 'waiting');
    if (!job || this.#isBusy || this.#isClosed) return;
    this.#isBusy = true;
    job.progress = await this.#make(job);
    job.until = later(this.#deps.now(), KEPT_MS);
    this.#isBusy = false;
    void this.#next();
  }

  async #make(job: Job): Promise<ExportProgress> {
    job.progress = { state: 'running', doing: 'Beginning' };
    const { place, log, run = runOnThread } = this.#deps;
    try {
      const folder = await this.#place();
      const question = {
        period: job.query.period,
        repositories: job.repositories.map(({ name }) => name),
        sample: job.query.sample,
        generatedAt: job.at,
      };
      const to = { folder: join(folder, job.id), zip: join(folder, `${job.id}.zip`) };
      const repositories = job.repositories.map(({ id }) => id);
      job.run = run({ place, question, repositories, ...to }, (doing) => {
        job.progress = { state: 'running', doing };
      });
      return endOf(await job.run.ended, log);
    } catch (error) {
      log.error({ err: error }, 'a package could not be made');
      return BROKEN;
    } finally {
      job.run = undefined;
    }
  }
}

const BROKEN: ExportProgress = {
  state: 'failed',
  problem: 'The package could not be made.',
  remedy: 'The log of the service says why. `threatgate evidence` on the command line may tell more.',
};

function endOf(end: ExportEnd, log: Log): ExportProgress {
  if (end.kind === 'done') return { state: 'done', bytes: end.bytes, digest: end.digest };
  if (end.kind === 'failed') return { state: 'failed', problem: end.problem, remedy: end.remedy };
  log.error({ why: end.why }, 'a package could not be made');
  return BROKEN;
}

/** Its own, and still within what the viewer may look at: a role that was lost takes packages with it. */
const mayHave = (viewer: Viewer, { owner, repositories }: Job): boolean =>
  owner === ownerOf(viewer) &&
  repositories.every(({ id }) => viewer.scope.kind === 'all' || viewer.scope.repositories.has(id));

const shown = ({ id, query, at, until, progress }: Job): ExportStatus => ({
  ...{ id, query, at, until },
  ...progress,
});
