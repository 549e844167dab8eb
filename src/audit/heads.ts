import { nameOf } from './choose-repositories.ts';
import { verifyChain } from '../core/ledger/verify-chain.ts';
import { Broken } from './broken.ts';
import { readHeads, type StatedHead } from './head-statement.ts';
import { idOf } from './keys.ts';
import type { Ledger } from './read-ledger.ts';
import type { TrustedKeys } from './trusted-keys.ts';
import { verification, type Findings, type Verification } from './verification.ts';

/** Where each chain ends now; of all repositories, or of those named. */
export async function headsOf(ledger: Ledger, names?: ReadonlySet<string>): Promise<readonly StatedHead[]> {
  const heads: StatedHead[] = [];
  for (const id of await ledger.repositories()) {
    const head = await ledger.head(id);
    if (head === undefined || head.sequence === 0) continue;
    const name = await nameOf(ledger, id);
    if (names?.has(name.toLowerCase()) === false) continue;
    heads.push({ repository: { id, name }, sequence: head.sequence, hash: head.hash });
  }
  return heads;
}

/**
 * Whether a database still holds these records at these places. What lies before them is checked by
 * `verify --database`: both together show that nothing was cut off, and that it is the same chain.
 */
export function checkHeads(
  text: string,
  shown: string,
  ledger: Ledger,
  trust: TrustedKeys | undefined,
): Promise<Verification> {
  return verification(shown, 'heads', async (findings) => {
    const { statement, signer } = readHeads(text, shown);
    if (signer === undefined) findings.signature = { state: 'none' };
    else checkSigner(signer.fingerprint, statement.at, trust, shown, findings);
    if (signer === undefined && trust !== undefined) throw new Broken({ file: shown }, 'It is not signed.');
    for (const head of statement.heads) {
      await requireHeld(head, ledger);
      findings.repositories.push({
        ...head.repository,
        records: head.sequence,
        head: { sequence: head.sequence, hash: head.hash },
      });
    }
    findings.saw('ends of chains, each still in its place', statement.heads.length);
  });
}

function checkSigner(
  fingerprint: string,
  at: string,
  trust: TrustedKeys | undefined,
  file: string,
  findings: Findings,
): void {
  const keyId = idOf(fingerprint);
  const standing = trust?.standingOf(fingerprint, at) ?? { state: 'unknown' };
  if (standing.state === 'refused')
    throw new Broken({ file }, `Its signature does not count. ${standing.why}`);
  if (standing.state === 'unknown' && trust !== undefined)
    throw new Broken(
      { file },
      `Key ${keyId} signed it, which is none of those that are trusted (${trust.ids.join(', ')}).`,
    );
  findings.signature =
    standing.state === 'trusted'
      ? { state: 'trusted', keyId, from: standing.from }
      : { state: 'unknown-key', keyId };
  findings.saw('signature', 1);
}

async function requireHeld({ repository, sequence, hash }: StatedHead, ledger: Ledger): Promise<void> {
  const place = { repository: repository.name, sequence };
  const [row] = await ledger.rows(repository.id, sequence - 1, 1);
  if (row?.sequence !== sequence)
    throw new Broken(
      place,
      'It is not there any more: the chain ends before it, has a gap, or was removed, which `verify --database` tells.',
    );
  const check = verifyChain([row.text], { sequence: sequence - 1, hash: row.previous });
  if (!check.ok || check.head.hash !== hash)
    throw new Broken(
      place,
      check.ok
        ? 'Another record stands in its place: the chain was written anew.'
        : `The record was altered: ${check.why}.`,
    );
}
