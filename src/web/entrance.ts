import type { Viewer } from './context.ts';
import type { More } from './answers.ts';

/** What became of a request at the door. */
export type Admission =
  | { readonly kind: 'viewer'; readonly viewer: Viewer; readonly csrf: string }
  /** Nobody, or nobody any more: the page for logging in is shown. */
  | { readonly kind: 'stranger'; readonly why?: string; readonly more?: More }
  | { readonly kind: 'refused'; readonly status: 403 | 421; readonly why: string };

/** Paths that the entrance answers itself, behind `base`: logging in and out. */
export interface EntranceRoute {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** `address`: where the connection comes from. */
  readonly answer: (request: Request, address: string) => Promise<Response>;
}

/** Who may come in. One for logging in with GitHub, one for local mode. */
export interface Entrance {
  readonly local: boolean;
  /** Where the pages are for whoever looks: forms have to come from here. */
  readonly originOf: (request: Request) => string;
  admit(request: Request): Promise<Admission>;
  readonly routes: readonly EntranceRoute[];
}
