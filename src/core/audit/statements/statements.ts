import { canonicalJson } from '../../digest.ts';
import type { ChangeEntry, Way } from '../../model/audit.ts';
import { compare } from '../order.ts';
import type { MergeFacts } from './merge-facts.ts';
import { digestSet, REVIEW_PREDICATE, reviewOf, stated } from './review-predicate.ts';

export const SVR_PREDICATE = 'https://in-toto.io/attestation/svr/v0.2';
export const APPROVAL_PREDICATE = 'https://gittuf.dev/github-pull-request-approval/v0.1';
const VERIFIER = 'https://github.com/threatgate/threatgate';

/**
 * What is stated of a merged commit by the way it came in. Of what was bypassed, pushed, cannot be explained or was filled in
 * later nothing is stated: a property that somebody could take for a pass must not exist.
 */
export const PROPERTIES: Readonly<Partial<Record<Way, string>>> = {
  gated: 'ORG_SOURCE_THREAT_MODEL_REVIEWED',
  'not-triggered': 'ORG_SOURCE_THREAT_MODEL_NOT_TRIGGERED',
  waived: 'ORG_SOURCE_THREAT_MODEL_WAIVED',
  emergency: 'ORG_SOURCE_THREAT_MODEL_EMERGENCY',
  observed: 'ORG_SOURCE_THREAT_MODEL_OBSERVED',
};

interface Statement {
  readonly subject: readonly { readonly name?: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: object;
}

/** in-toto statements about one merge, each as the text that is signed. */
export function statementsOf(change: ChangeEntry, facts: MergeFacts): readonly string[] {
  return [verification(change, facts), review(change, facts), approval(change, facts)].flatMap((statement) =>
    statement ? [canonicalJson({ _type: 'https://in-toto.io/Statement/v1', ...statement })] : [],
  );
}

/** A commit and a tree are two things; one set of digests has to be of one. */
function subjectOf({ repository }: ChangeEntry, { commit, tree }: MergeFacts): Statement['subject'] {
  const { name } = repository;
  return [
    { name, digest: { gitCommit: commit } },
    ...(tree === undefined ? [] : [{ name, digest: { gitTree: tree } }]),
  ];
}

function verification(change: ChangeEntry, facts: MergeFacts): Statement | undefined {
  const property = PROPERTIES[change.way];
  const { verdict } = change;
  if (property === undefined || !verdict || facts.rebuilt) return undefined;
  const policy = digestSet(verdict.policy);
  const rules =
    verdict.rules === undefined ? '' : `/rules/${encodeURIComponent(verdict.rules.toWellFormed())}`;
  return {
    subject: subjectOf(change, facts),
    predicateType: SVR_PREDICATE,
    predicate: {
      verifier: {
        // Other rules find other things: whoever relies on it can tell them apart.
        id: `${VERIFIER}${rules}`,
        policies: policy ? [{ name: 'threatgate policy', digest: policy }] : [],
      },
      timeCreated: stated(facts.judgedAt) ?? stated(change.at) ?? change.at,
      properties: [property],
    },
  };
}

const review = (change: ChangeEntry, facts: MergeFacts): Statement => ({
  subject: subjectOf(change, facts),
  predicateType: REVIEW_PREDICATE,
  predicate: reviewOf(change, facts),
});

/** As gittuf's own App states it. Nothing is guessed: without both ends of the change there is no such statement. */
function approval(change: ChangeEntry, facts: MergeFacts): Statement | undefined {
  const { approvers, dismissed, tree, onto } = facts;
  if (tree === undefined || onto === undefined || approvers.length + dismissed.length === 0) return undefined;
  return {
    subject: [{ digest: { gitTree: tree } }],
    predicateType: APPROVAL_PREDICATE,
    predicate: {
      targetRef: `refs/heads/${change.branch}`,
      fromRevisionID: onto,
      targetTreeID: tree,
      approvers: namesOf(approvers),
      dismissedApprovers: namesOf(dismissed),
    },
  };
}

const namesOf = (accounts: MergeFacts['approvers']): readonly string[] =>
  accounts.map(({ login, id }) => `${login}+${id}`).sort(compare);
