import type { Account } from '../core/model/account.ts';

export interface RepositoryRef {
  /** Never changes, unlike the name. */
  readonly id: number;
  /** `owner/name` when last heard of. */
  readonly name: string;
}

/** Something to look at again. Events carry no truth; they only say where to look. */
export type Subject =
  | { readonly kind: 'pull-request'; readonly repository: RepositoryRef; readonly number: number }
  | {
      readonly kind: 'merge-group';
      readonly repository: RepositoryRef;
      readonly headRef: string;
      readonly headSha: string;
      readonly baseRef: string;
      readonly baseSha: string;
    }
  | { readonly kind: 'push'; readonly repository: RepositoryRef; readonly branch: string }
  /** An issue that is no pull request: a review or an incident may hang on it, or an answer name it as a ticket. */
  | { readonly kind: 'issue'; readonly repository: RepositoryRef; readonly number: number }
  /** All open pull requests of a repository, its protected branches and its policy. */
  | { readonly kind: 'repository'; readonly repository: RepositoryRef }
  | { readonly kind: 'installation' };

export interface Work {
  readonly installation: number;
  readonly subject: Subject;
}

/** One row per subject, whatever number of events spoke of it. */
export function keyOf({ installation, subject }: Work): string {
  switch (subject.kind) {
    case 'pull-request':
      return `pull/${subject.repository.id}/${subject.number}`;
    case 'merge-group':
      return `group/${subject.repository.id}/${subject.headSha}`;
    case 'push':
      return `push/${subject.repository.id}/${subject.branch}`;
    case 'issue':
      return `issue/${subject.repository.id}/${subject.number}`;
    case 'repository':
      return `repository/${subject.repository.id}`;
    case 'installation':
      return `installation/${installation}`;
  }
}

/**
 * What a person did that cannot be read again later: who pushed, pressed, ticked. It comes from a signed delivery and waits
 * at the subject until the worker has made a record of it.
 */
export type Signal =
  | { readonly kind: 'pushed'; readonly by: Account; readonly head: string }
  | {
      readonly kind: 'pressed';
      readonly by: Account;
      readonly button: string;
      readonly checkRun: number;
      readonly head: string;
      /** As on the check run that was pressed: names the digest it showed. */
      readonly externalId: string;
    }
  | { readonly kind: 'rerequested'; readonly by: Account; readonly head: string }
  | {
      readonly kind: 'ticked';
      readonly by: Account;
      readonly comment: number;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: 'merged';
      readonly by: Account;
      readonly head: string;
      readonly commit: string;
    }
  | { readonly kind: 'labelled'; readonly by: Account; readonly label: string }
  | {
      readonly kind: 'branch-moved';
      readonly by: Account;
      readonly before: string;
      readonly after: string;
      readonly forced: boolean;
    }
  | {
      readonly kind: 'installation-changed';
      readonly by: Account;
      readonly action: string;
      readonly added: readonly RepositoryRef[];
      readonly removed: readonly RepositoryRef[];
    };

/** A signed delivery that matters: where to look, and what cannot be read again. */
export interface Delivery {
  /** `X-GitHub-Delivery`: the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly action: string;
  readonly work: Work;
  readonly signals: readonly Signal[];
}
