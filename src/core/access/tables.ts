/** Shapes of the YAML tables in this folder, as the generator checks and writes them. */
export type GrantSystem = 'aws' | 'google' | 'azure' | 'kubernetes' | 'other';

export interface Power {
  readonly id: string;
  /** What somebody with it can do: "reading secrets". */
  readonly says: string;
  /** Worth saying even when the whole role or policy is new. */
  readonly notable: boolean;
  readonly aws?: readonly string[] | undefined;
  readonly google?: readonly string[] | undefined;
  readonly azure?: readonly string[] | undefined;
  readonly kubernetes?: readonly string[] | undefined;
  /** Kubernetes: only on these resources, `group/resource`. */
  readonly on?: readonly string[] | undefined;
}

export interface AccessPowers {
  /** Strongest first. */
  readonly powers: readonly Power[];
  readonly confining: readonly string[];
  readonly trust: readonly string[];
  readonly public: readonly string[];
  readonly documents: readonly string[];
}

/** How a type of resource writes down grants; the words are explained in `grants.yaml`. */
export interface GrantTable {
  readonly match: readonly string[];
  readonly system: GrantSystem;
  readonly each?: string | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly conditions?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
  readonly implied?: string | undefined;
  readonly prefix?: Readonly<Record<string, string>> | undefined;
  readonly marks?: string | undefined;
  readonly rest?: boolean | undefined;
  readonly trust?: boolean | undefined;
}

export interface GrantTables {
  readonly grants: readonly GrantTable[];
}

export interface StaticKeyTable {
  readonly match: readonly string[];
  readonly what: string;
  readonly of: readonly string[];
}

export interface FederationTable {
  readonly match: readonly string[];
  readonly what: string;
  readonly issuer: readonly string[];
  readonly trust: readonly string[];
}

export interface IdentityTables {
  readonly staticKeys: readonly StaticKeyTable[];
  readonly federation: readonly FederationTable[];
}

export interface SecretTables {
  readonly shapes: readonly { readonly id: string; readonly title: string; readonly pattern: string }[];
  readonly names: readonly string[];
  readonly pairs: readonly string[];
  readonly notTheValue: readonly string[];
  readonly placeholders: readonly string[];
  readonly consumers: readonly string[];
  readonly stores: readonly string[];
}

export interface HostTables {
  readonly internal: readonly string[];
  readonly reserved: readonly string[];
  readonly ignored: readonly string[];
  readonly platforms: readonly string[];
  readonly codeHosts: readonly string[];
  readonly suffixes: readonly string[];
  readonly endings: readonly string[];
  readonly connects: readonly string[];
  readonly own: readonly string[];
  readonly publishers: readonly string[];
  readonly describes: readonly string[];
  readonly ownNames: readonly string[];
}
