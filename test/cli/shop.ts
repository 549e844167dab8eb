import { temporaryRepository, type TemporaryRepository } from '../local/temporary-repository.ts';

export const ENFORCE = 'version: 1\nmode: enforce\n';

export const MODEL = `# Threat model: Shop

Owner: @shop/platform

## Components

| Component | Kind | Purpose | Resource |
| --- | --- | --- | --- |
| Receipts | data store | Receipts of orders | Resource: \`aws_s3_bucket.receipts\` |

## Threats

| Threat | Component | STRIDE | Likelihood | Impact | Mitigation | Status | Owner |
| --- | --- | --- | --- | --- | --- | --- | --- |
| A receipt is read by guessing its address | Receipts | I | Low | High | Public access is blocked at the bucket | Mitigated | @shop/platform |
`;

export const RECEIPTS = 'resource "aws_s3_bucket" "receipts" {\n  bucket = "receipts"\n}\n';
export const EXPORTS = 'resource "aws_s3_bucket" "exports" {\n  bucket = "exports"\n}\n';

/** A shop with a model under `policy` on main, and a branch `topic` checked out. */
export function shop(
  policy: string | null = ENFORCE,
  more: Readonly<Record<string, string>> = {},
): TemporaryRepository {
  const repo = temporaryRepository('shop');
  repo.commit({
    'README.md': 'A shop.\n',
    'infra/storage.tf': RECEIPTS,
    'docs/threat-model.md': MODEL,
    ...(policy === null ? {} : { '.github/threatgate.yml': policy }),
    ...more,
  });
  repo.git('checkout', '--quiet', '-b', 'topic');
  return repo;
}
