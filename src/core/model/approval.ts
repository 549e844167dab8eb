/** What a person said with effect on the gate. */
export type DecisionKind = 'approve' | 'waive' | 'emergency' | 'revoke';

/** A named, independent, eligible person's decision, bound to a delta digest. Eligibility was looked up when it was made. */
export interface Approval {
  readonly kind: DecisionKind;
  /** Immutable account id and the login at that time. */
  readonly actor: { readonly id: string; readonly login: string };
  /** ISO 8601 instant, from the server that recorded it. */
  readonly at: string;
  readonly digest: string;
  readonly eligible: boolean;
  /** Why not, when not eligible; for waivers and emergencies the reason given. */
  readonly reason?: string;
  readonly incident?: string;
  readonly expires?: string;
  /** Whose decisions a `revoke` takes back; its actor's own when absent. */
  readonly target?: { readonly id: string; readonly login: string };
  /** What the actor was at that moment: `approver (team acme/security)`. */
  readonly role?: string;
  /** What it was given for, as `groundsOf` in `core/approval/grounds.ts` writes it; absent where that was not kept. */
  readonly facts?: readonly string[];
}

/** What somebody answered to one question of the checklist. */
export interface Answer {
  /** Catalogue id: `OBJ-I1`. */
  readonly question: string;
  readonly address: string;
  readonly scope: string;
  readonly kind: AnswerKind;
  readonly actor: { readonly id: string; readonly login: string };
  readonly at: string;
  /** What was written after the keyword; empty for a tick. */
  readonly text: string;
  /** Of `accept`: who owns the risk and until when it is accepted. */
  readonly owner?: string;
  readonly expires?: string;
}

/** `considered` and `open` are a tick set and taken away; the others are written out. */
export type AnswerKind = 'considered' | 'open' | 'control' | 'ticket' | 'not-applicable' | 'accept';

/** Everything people have said about the change so far, oldest first. */
export interface Approvals {
  readonly entries: readonly Approval[];
  readonly answers?: readonly Answer[];
}
