import type { Resource } from '../model/resource.ts';
import { downloads, pipedDownloads } from '../semantics/shell.ts';
import { get, items, text, truth } from '../values/value.ts';

/** Where an image takes something from while it is built. */
export interface Remote {
  readonly stage: Resource;
  readonly verified: boolean;
  readonly line: number;
  readonly how: string;
  /** Name of what is fetched, versions apart. */
  readonly file: string;
}

/** By host, or host and owner; unverified before verified. */
export function remotes(stages: readonly Resource[]): Map<string, Remote> {
  const found = new Map<string, Remote>();
  const put = (from: string, remote: Remote): void => {
    const known = found.get(from);
    if (!known || (known.verified && !remote.verified)) found.set(from, remote);
  };
  for (const stage of stages) {
    for (const add of items(get(stage.values, 'add-remote')))
      put(publisherOf(text(get(add, 'url')) ?? ''), {
        stage,
        verified: truth(get(add, 'verified')) === true,
        line: add.line,
        how: 'adds content',
        file: fileOf(text(get(add, 'url')) ?? ''),
      });
    for (const run of items(get(stage.values, 'run'))) {
      const script = text(run) ?? '';
      const piped = pipedDownloads(script);
      for (const host of piped)
        put(`${host} |`, {
          stage,
          verified: false,
          line: run.line,
          how: 'runs a script as it comes',
          file: '',
        });
      const { urls, verified } = downloads(script);
      for (const url of urls)
        if (!piped.some((host) => url.includes(host)))
          put(publisherOf(url), {
            stage,
            verified,
            line: run.line,
            how: 'downloads content',
            file: fileOf(url),
          });
    }
  }
  return found;
}

/** Host of a URL, and the owner where a host publishes for many: versions in the path do not count. */
function publisherOf(url: string): string {
  const parts = /^(?:[\w+.-]{1,20}:\/\/|git@)(?:[^@/]{0,200}@)?([^/:?#]{1,255})[/:]([^?#]{0,500})/.exec(url);
  const host = parts?.[1]?.toLowerCase() ?? url.slice(0, 100);
  const owner = (parts?.[2] ?? '')
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/\.git$/, '');
  if (/(?:^|\.)(?:github|gitlab|bitbucket|githubusercontent)\.(?:com|org)$/.test(host))
    return `${host}/${owner}`;
  // Where one host stores for many, the first part of the path is whose it is.
  return /^(?:s3[.-][\w.-]*|s3)\.amazonaws\.com$|^storage\.googleapis\.com$/.test(host)
    ? `${host}/${owner.split('/')[0] ?? ''}`
    : host;
}

/** Last part of the path without versions, platforms' digits and variables. */
const fileOf = (url: string): string =>
  (url.split(/[?#]/)[0]?.split('/').at(-1) ?? '')
    .replace(/\$\{?\w*\}?/g, '')
    .replace(/v?\d+(?:\.\d+)*/g, '')
    .toLowerCase();
