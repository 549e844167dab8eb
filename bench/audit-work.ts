/** Processor time of this process and of the server's: what an answer takes on a machine that does nothing else. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Place } from '../src/store/place.ts';

export interface Work {
  /** Finds out which processes of the server work for this database now. */
  look(): Promise<void>;
  /** Milliseconds since some beginning. */
  spent(): number;
  close(): Promise<void>;
}

export async function workOn(place: Place): Promise<Work> {
  if (!('url' in place))
    return { look: () => Promise.resolve(), spent: ofThisProcess, close: () => Promise.resolve() };
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  let servers: readonly number[] = [];
  return {
    look: async () => {
      const found = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name = 'threatgate'`,
      );
      servers = found.rows.map((row) => row.pid);
    },
    spent: () => ofThisProcess() + servers.reduce((sum, pid) => sum + ofProcess(pid), 0),
    close: () => client.end(),
  };
}

function ofThisProcess(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** As Linux counts it, in nanoseconds; a process that has ended has done its work. */
function ofProcess(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}
