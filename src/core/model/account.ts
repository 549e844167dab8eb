/** Somebody on the hosting service: the id never changes, the login is what it was when we looked. */
export interface Account {
  readonly id: string;
  readonly login: string;
  readonly kind: 'user' | 'bot' | 'organisation';
}

/** Everybody who had a hand in a change, as far as the hosting service can tell. */
export interface Contributors {
  /** Who opened the pull request. */
  readonly author: Account;
  /** Authors and committers of its commits, and of those that were a part of it before its branch was rewritten. */
  readonly committers: readonly Account[];
  /** Everybody known to have pushed to it; undefined when nobody can tell who pushed the head. */
  readonly pushers: readonly Account[] | undefined;
  /** Commits (ids) of which author or committer is no known account: nobody can be shown to be independent of them. */
  readonly unattributable: readonly string[];
  /** There are commits that the hosting service does not list. */
  readonly unlisted?: boolean;
  /** More people had a hand in it over time than are remembered. */
  readonly forgotten?: boolean;
}
