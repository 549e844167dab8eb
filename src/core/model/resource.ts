import type { Span } from './span.ts';
import type { Value } from './value.ts';

/** A thing declared in code at an address. */
export interface Resource {
  /** Id of the reader that saw it: `terraform`, `cloudformation`, `kubernetes`, `compose`, `dockerfile`, `github-actions`, `packages` … */
  readonly stack: string;
  /**
   * Address as people of that stack write it: `aws_s3_bucket.logs`, `data.aws_iam_policy_document.x`, `module.net`,
   * `AWS::S3::Bucket Logs`, `Deployment/prod/api` (`-` for no namespace), `service/api`, `job release.publish`, `npm:stripe`.
   */
  readonly address: string;
  /** Unit in which the address is unique and references resolve: a directory, or a file path for one-file units. */
  readonly scope: string;
  /** Type that the semantics data knows: `aws_s3_bucket`, `AWS::S3::Bucket`, `Deployment`, `workflow-job`, `npm`. */
  readonly type: string;
  /** Own name within its type: `logs`, `Logs`, `api`. */
  readonly name: string;
  readonly file: string;
  readonly span: Span;
  /** Attributes; always a map. */
  readonly values: Value;
  /** Addresses (in the same scope) or outside names this resource mentions; unresolved ones are kept as written. */
  readonly references: readonly Reference[];
  /** Addresses it had before, from `moved` blocks and the like. */
  readonly movedFrom?: readonly string[];
}

export interface Reference {
  /** Address of the other resource, or the name as written when it is not in this scope. */
  readonly to: string;
  /** Dotted attribute path where the reference stands, e.g. `vpc_security_group_ids`. */
  readonly path: string;
}
