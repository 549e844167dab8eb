/** A published list that questions cite: CWE, ATT&CK, NIST SP 800-53 … */
export interface ReferenceList {
  readonly id: string;
  readonly title: string;
  /** Version that the ids were checked against. */
  readonly version: string;
  readonly url: string;
  /** Id → our own short title. */
  readonly titles: Readonly<Record<string, string>>;
  /** Id → id of the same thing in older versions of the list. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** How an id of each list is written. */
export const REFERENCE_SYNTAX: Readonly<Record<string, RegExp>> = {
  cwe: /^CWE-[1-9]\d{0,4}$/,
  cwe_unverified: /^CWE-[1-9]\d{0,4}$/,
  attack: /^T\d{4}(\.\d{3})?$/,
  atlas: /^AML\.T\d{4}(\.\d{3})?$/,
  nist: /^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/,
  tsc: /^(CC|A|C|P|PI)\d\.\d$/,
  owasp_llm: /^LLM\d{2}:\d{4}$/,
};
