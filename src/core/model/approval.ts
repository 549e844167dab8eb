/** A named, independent, eligible person's decision, bound to a delta digest. Eligibility was looked up when it was made. */
export interface Approval {
  readonly kind: 'approve' | 'waive' | 'emergency' | 'revoke';
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
}

/** Everything people have said about the change so far, oldest first. */
export interface Approvals {
  readonly entries: readonly Approval[];
}
