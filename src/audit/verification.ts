import type { Head } from '../core/ledger/chain.ts';
import { Broken, type Place } from './broken.ts';
import type { Signer } from './sign.ts';

/** What was looked at and what came of it. */
export interface Verification {
  readonly target: string;
  readonly kind: 'package' | 'records' | 'database' | 'heads';
  readonly ok: boolean;
  /** What was checked up to the end, or up to what is broken, each with how many there were. */
  readonly checked: readonly { readonly what: string; readonly count: number }[];
  readonly repositories: readonly {
    readonly id: number;
    readonly name: string;
    readonly records: number;
    readonly head: Head;
  }[];
  /** Of a database: chains that were removed when their time was over. */
  readonly removed?: readonly {
    readonly name: string;
    readonly records: number;
    readonly hash: string;
    readonly at: string;
    readonly by: string;
    readonly archive: string;
  }[];
  readonly signature?: SignatureFinding;
  /** Name of a package, which its documents may quote. */
  readonly digest?: string;
  /** The first thing that is broken. */
  readonly broken?: Place & { readonly why: string };
}

export type SignatureFinding =
  | { readonly state: 'none' }
  /** Good, by a key that nobody has said to trust. */
  | { readonly state: 'unknown-key'; readonly keyId: string }
  | { readonly state: 'trusted'; readonly keyId: string; readonly from: string }
  /** Good, by a key that is known and whose signature of that time does not count. */
  | { readonly state: 'refused'; readonly keyId: string; readonly why: string };

/** Gathers findings until something is broken. */
export class Findings {
  readonly checked: { what: string; count: number }[] = [];
  readonly repositories: Verification['repositories'][number][] = [];
  removed: Verification['removed'];
  signature: SignatureFinding | undefined;
  digest: string | undefined;
  /** Whose key came with the package; what else is signed has to be signed with the same one. */
  signer: Signer | undefined;

  saw(what: string, count: number): void {
    this.checked.push({ what, count });
  }
}

export async function verification(
  target: string,
  kind: Verification['kind'],
  look: (findings: Findings) => Promise<void>,
): Promise<Verification> {
  const findings = new Findings();
  const broken = await look(findings).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Broken) return { ...error.place, why: error.why };
      throw error;
    },
  );
  const { checked, repositories, removed, signature, digest } = findings;
  return {
    target,
    kind,
    ok: broken === undefined,
    checked,
    repositories,
    ...(removed === undefined ? {} : { removed }),
    ...(digest === undefined ? {} : { digest }),
    ...(signature === undefined ? {} : { signature }),
    ...(broken === undefined ? {} : { broken }),
  };
}
