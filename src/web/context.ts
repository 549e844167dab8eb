import type { HtmlEscapedString } from 'hono/utils/html';
import type { Freshness, Scope, TrailView } from '../core/model/view.ts';
import type { Exports } from './exports.ts';

/** Who looks, and at what they may look. Worked out anew for every request. */
export interface Viewer {
  readonly login: string;
  /** Number of the account; undefined in local mode, where nobody has logged in. */
  readonly id: string | undefined;
  /** `auditor`: at least one repository is in scope by policy or by invitation, not because GitHub shows it to them. */
  readonly role: 'reader' | 'auditor' | 'local';
  readonly scope: Scope;
  /** When the session ends at the latest, or the invitation does, whichever is first. */
  readonly expires?: string;
  /** Sentences for the top of every page: what is missing in the scope and why. */
  readonly notices: readonly string[];
}

/** Everything that a page is made of. A page asks nothing else: no clock, no environment, no request. */
export interface PageContext {
  readonly view: TrailView;
  readonly viewer: Viewer;
  /** Instant of this request, ISO 8601 in UTC. */
  readonly now: () => string;
  readonly freshness: Freshness;
  /** Where the pages are: `/audit`, without a slash at the end. */
  readonly base: string;
  /** As asked for; its origin is the configured one. Its query is at most 4,000 characters long. */
  readonly url: URL;
  /** Value of the hidden field `csrf` of every form that is sent by POST. */
  readonly csrf: string;
  readonly local: boolean;
  /** Of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /**
   * Fields of a form that was sent; empty of a GET. Of a field that was sent several times, as boxes that are ticked, the
   * values with commas between them. `csrf` was checked already and is not in it.
   */
  readonly form: Readonly<Record<string, string>>;
  /** Where repositories are looked at: `https://github.com`, without a slash at the end. */
  readonly githubUrl: string;
  /** Undefined where no package can be made. */
  readonly exports: Exports | undefined;
}

/** What a `html` template gives: escaped already. */
export type SafeHtml = HtmlEscapedString | Promise<HtmlEscapedString>;

export type PageAnswer = HtmlPage | Redirect | Download;

/** Content for the layout, which adds head, navigation and foot. */
export interface HtmlPage {
  readonly kind: 'page';
  readonly status: number;
  readonly title: string;
  readonly content: SafeHtml;
  /** Path of the entry of the navigation that it belongs to, as `/records`. */
  readonly section?: string;
  /** Seconds after which the page is asked for again, for something that is under way. */
  readonly refreshSeconds?: number;
}

/** To another page of ours, after a form was taken (303). */
export interface Redirect {
  readonly kind: 'redirect';
  /** Behind `base`, beginning with a slash: `/exports/1`. */
  readonly to: string;
}

/** Sent as an attachment, never shown. */
export interface Download {
  readonly kind: 'download';
  /** Letters, digits, dots, dashes and underscores. */
  readonly name: string;
  readonly type: string;
  /** A blob is read while it is sent. */
  readonly body: string | Uint8Array | Blob;
}

export interface PageRoute {
  /** Behind `base`, as Hono writes it: `/`, `/records`, `/:owner/:name/pull/:number`. Tried in the order of the list. */
  readonly path: string;
  /** `GET` when absent, which stands for HEAD as well. */
  readonly method?: 'GET' | 'POST';
  readonly page: (context: PageContext) => Promise<PageAnswer>;
}

/** Made by the layout: the whole document. */
export type RenderPage = (context: PageContext, answer: HtmlPage) => string | Promise<string>;

/** A file that pages refer to by `assetPath`. */
export interface Asset {
  /** `pages.css`. */
  readonly name: string;
  readonly type: 'text/css' | 'text/javascript';
  readonly text: string;
}
