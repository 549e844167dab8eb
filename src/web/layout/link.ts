import { cutChars } from '../../core/report/bytes.ts';
import { uri } from '../../core/report/escape.ts';
import { attributes, html, type Content, type SafeHtml } from './html.ts';
import { shortDigest } from './digest.ts';

/** Paths of our pages. `base` is that of the context. */
export interface Paths {
  readonly overview: string;
  readonly repositories: string;
  readonly repository: (name: string) => string;
  readonly pullRequest: (name: string, number: number) => string;
  readonly push: (name: string, record: number) => string;
  readonly record: (name: string, sequence: number) => string;
  readonly document: (digest: string) => string;
  /** Any other: `to('/records', { repository: name, from: undefined })`. Undefined and empty values are left out. */
  readonly to: (path: string, query?: Query) => string;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export function pathsFrom(base: string): Paths {
  const repository = (name: string): string => `${base}/${name.split('/').map(segment).join('/')}`;
  return {
    overview: base,
    repositories: `${base}/repositories`,
    repository,
    pullRequest: (name, number) => `${repository(name)}/pull/${number}`,
    push: (name, record) => `${repository(name)}/push/${record}`,
    record: (name, sequence) => `${repository(name)}/record/${sequence}`,
    document: (digest) => `${base}/document/${segment(digest)}`,
    to: (path, query = {}) => `${base}${path}${written(query)}`,
  };
}

/** Lone surrogates cannot be encoded; a segment of dots alone would climb. */
const segment = (text: string): string => {
  const encoded = encodeURIComponent(text.toWellFormed());
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
};

function written(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((v) => v !== undefined && v !== '')
      .map((v) => `${encodeURIComponent(key)}=${encodeURIComponent(String(v).toWellFormed())}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

export const link = (href: string, text: Content): SafeHtml => html`<a href="${href}">${text}</a>`;

/** To another site, which is told nothing about where the reader came from. */
export const outside = (href: string, text: Content): SafeHtml =>
  html`<a${attributes({ href, rel: 'noopener noreferrer', class: 'outside' })}>${text}</a>`;

/** Where things are on GitHub. */
export interface GithubLinks {
  readonly repository: (name: string) => SafeHtml;
  readonly pullRequest: (name: string, number: number) => SafeHtml;
  readonly commit: (name: string, commit: string) => SafeHtml;
  /** A file as it was at a commit; without a link where the commit is none. */
  readonly file: (name: string, commit: string, path: string, line?: number) => SafeHtml;
  /** What somebody said on a pull request, by the source of the record; undefined for every other source. */
  readonly said: (name: string, number: number, source: string) => SafeHtml | undefined;
}

const SAID: readonly (readonly [RegExp, string])[] = [
  [/^(?:review|review-text)\/(\d{1,18})/, 'pullrequestreview-'],
  [/^comment\/(\d{1,18})/, 'issuecomment-'],
  [/^review-comment\/(\d{1,18})/, 'discussion_r'],
];

/** `githubUrl` is that of the context. */
export function githubFrom(githubUrl: string): GithubLinks {
  const at = (name: string, ...rest: readonly string[]): string =>
    [githubUrl, ...[...name.split('/'), ...rest].map(segment)].join('/');
  const pull = (name: string, number: number): string => at(name, 'pull', String(number));
  return {
    repository: (name) => outside(at(name), html`${name} on GitHub`),
    pullRequest: (name, number) => outside(pull(name, number), html`#${number} on GitHub`),
    commit: (name, commit) =>
      COMMIT.test(commit)
        ? outside(at(name, 'commit', commit), html`<code title="${commit}">${shortDigest(commit)}</code>`)
        : html`<code>${commit.slice(0, 80)}</code>`,
    file: (name, commit, path, line) => {
      const shown = html`<code
        >${cutChars(path, 300)}${line === undefined || line === 0 ? '' : `:${line}`}</code
      >`;
      const anchor = line === undefined || line === 0 ? '' : `#L${line}`;
      return COMMIT.test(commit)
        ? outside(`${at(name, 'blob', commit)}/${uri(path)}${anchor}`, shown)
        : shown;
    },
    said: (name, number, source) => {
      for (const [form, anchor] of SAID) {
        const id = form.exec(source)?.[1];
        if (id !== undefined) return outside(`${pull(name, number)}#${anchor}${id}`, 'Said on GitHub');
      }
      return undefined;
    },
  };
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
