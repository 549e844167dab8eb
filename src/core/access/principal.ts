import { POWERS } from './data.generated.ts';
import type { Condition } from './statement.ts';

/** Who a principal is to us. `named`: a person, group or identity of the same system, or not known better. */
export type PrincipalClass =
  'public' | 'other-account' | 'own-account' | 'service' | 'federated' | 'organisation' | 'named';

/** Characters of a name that are searched for what it means; longer names are compared, not understood. */
const SHORT = 300;
/** This account, in the spellings of Terraform and CloudFormation. */
const OWN_ACCOUNT = /\bself\.account_id\b|AWS::AccountId|^own-account$/i;
const ACCOUNT_ROOT = /^arn:aws:iam::(\d{12}|\$\{[^}]*\}):root$/;
const ACCOUNT_IN_ARN = /^arn:aws:(?:iam|sts)::([^:]*|\$\{[^}]*\}):/;

/** One principal of an AWS policy in normal form: `aws:111122223333`, `service:lambda.amazonaws.com`, `federated:…`, `*`. */
export function normalisePrincipal(type: string, name: string): string {
  const plain = plainArn(name);
  if (plain === '*') return '*';
  if (plain.length > SHORT) return `${type.toLowerCase()}:${plain}`;
  switch (type.toLowerCase()) {
    case 'service':
      return `service:${plain.replace(/\$\{[^}]*(?:URLSuffix|dns_suffix)[^}]*\}$/i, 'amazonaws.com').toLowerCase()}`;
    case 'federated':
      return `federated:${plain}`;
    case 'canonicaluser':
      return `canonical:${plain}`;
    default: {
      const account = ACCOUNT_ROOT.exec(plain)?.[1] ?? (/^\d{12}$/.test(plain) ? plain : undefined);
      if (account !== undefined) return `aws:${OWN_ACCOUNT.test(account) ? 'own-account' : account}`;
      return `aws:${plain}`;
    }
  }
}

/** The current region and the own account go by many names that mean the same deployment. */
const OWN_REGION =
  /(?<![\w.-])(?:data\.aws_region\.(?:current|this|self|default|main|me|region)(?:\[0\])?\.(?:name|id|region)|(?:var|local)\.(?:aws_|current_)?region(?:_name|_id)?)(?![\w.])/g;
const OWN_ACCOUNT_ID =
  /(?<![\w.-])(?:data\.aws_caller_identity\.(?:current|this|self|default|main|me|caller|identity)(?:\[0\])?\.account_id|(?:var|local)\.(?:(?:environment|env|account|config|settings|current|this)\.)?(?:aws_|current_|own_|this_)?account_id)(?![\w.])/g;

/**
 * ARNs, and names like them, in one spelling: partition, current region and own account are said in several ways that
 * mean the same, and going from one way to another is no change of access.
 */
export function plainArn(text: string): string {
  const known = text.includes('${')
    ? text.replace(OWN_REGION, 'region').replace(OWN_ACCOUNT_ID, 'self.account_id')
    : text;
  const written = /^arn:(?:aws[a-z-]*|\$\{[^}]*partition[^}]*\}):/i.exec(known.slice(0, SHORT))?.[0];
  return written === undefined ? known : `arn:aws:${known.slice(written.length)}`;
}

/** What kind of party a normal-form principal is. */
export function classifyPrincipal(principal: string): PrincipalClass {
  if (principal.length > SHORT) return 'named';
  if (POWERS.public.includes(principal)) return 'public';
  if (principal.startsWith('service:') || principal.endsWith('.amazonaws.com')) return 'service';
  if (principal.startsWith('federated:') || /^google:principal(?:Set)?:/.test(principal)) return 'federated';
  if (/^(?:aws:)?arn:aws:organizations:/.test(principal)) return 'organisation';
  if (principal.startsWith('aws:') || /^\d{12}$/.test(principal) || principal.startsWith('arn:aws:iam:'))
    return accountClass(principal.replace(/^aws:/, ''));
  return 'named';
}

function accountClass(name: string): PrincipalClass {
  if (name === 'own-account' || OWN_ACCOUNT.test(name)) return 'own-account';
  if (/^\d{12}$/.test(name)) return 'other-account';
  const account = ACCOUNT_IN_ARN.exec(name)?.[1];
  if (account !== undefined && account !== '') return 'other-account';
  // `${var.backup_account_id}`, `${local.trusted_accounts}`: an account by its own words, and not said to be ours.
  return /\$\{[^}]*account/i.test(name) && !/\baws_iam_|service_account/i.test(name)
    ? 'other-account'
    : 'named';
}

/** Whether a condition confines anybody to callers that are known. */
export function confines(condition: Condition): boolean {
  const key = condition.key.toLowerCase();
  const negated = condition.operator.includes('not');
  return (
    !negated &&
    POWERS.confining.some((c) => c.toLowerCase() === key) &&
    !condition.values.some((v) => v === '*' || v === '0.0.0.0/0' || v === '::/0')
  );
}

/**
 * Who is left when "anyone" is confined by conditions: the own account, things named here, or somebody further away.
 * Undefined when no condition confines.
 */
export function confinedTo(conditions: readonly Condition[]): PrincipalClass | undefined {
  const confining = conditions.filter(confines);
  if (confining.length === 0) return undefined;
  if (confining.some((c) => c.values.length > 0 && c.values.every((v) => OWN_ACCOUNT.test(v))))
    return 'own-account';
  const ours = (value: string): boolean =>
    value.startsWith('${') && accountClass(value.slice(0, SHORT)) === 'named';
  return confining.some((c) => c.values.length > 0 && c.values.every(ours)) ? 'named' : 'organisation';
}
