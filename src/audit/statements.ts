import type { KeyObject } from 'node:crypto';
import { statementsOf } from '../core/audit/statements/statements.ts';
import { Broken } from './broken.ts';
import type { Derived } from './derive.ts';
import { isSignedBy, opened, sealed } from './dsse.ts';
import { isOurs, type Manifest } from './package.ts';
import { STATEMENTS } from './parts.ts';
import { checkDigest, reading } from './stated-file.ts';
import type { Findings } from './verification.ts';

const IN_TOTO = 'application/vnd.in-toto+json';

/** What is stated of each merge, in the order of the population. */
function* payloadsOf({ population, merges }: Derived): Generator<string> {
  for (const change of population.changes) {
    const facts = merges.get(change);
    if (facts) yield* statementsOf(change, facts);
  }
}

/** in-toto statements in envelopes, a line each, signed with the key of the package. */
export function* signedStatements(derived: Derived, key: KeyObject): Generator<string> {
  for (const payload of payloadsOf(derived)) yield sealed(IN_TOTO, payload, [key]);
}

/** Each statement is made anew from the records and compared, and its signature has to be by the key of the package. */
export async function checkStatements(
  folder: string,
  manifest: Manifest,
  derived: Derived,
  findings: Findings,
): Promise<void> {
  const { signer } = findings;
  if (!signer || !manifest.files.some(({ name }) => name === STATEMENTS)) return;
  if (!isOurs(manifest)) {
    await checkDigest(folder, STATEMENTS, manifest);
    findings.saw(`statements that only version ${manifest.tool.version} can make anew, by digest`, 1);
    return;
  }
  const expected = payloadsOf(derived);
  await reading(folder, STATEMENTS, manifest, async (file) => {
    let count = 0;
    for await (const { line, text } of file.lines()) {
      const place = { file: STATEMENTS, line };
      const envelope = opened(IN_TOTO, text, place);
      const next = expected.next();
      if (next.done === true) throw new Broken(place, 'Nothing in the records stands behind this statement.');
      if (envelope.payload !== next.value)
        throw new Broken(place, 'It states something else than what follows from the records.');
      if (envelope.signatures.length !== 1)
        throw new Broken(place, 'It has other signatures besides the one of the package.');
      if (!isSignedBy(IN_TOTO, envelope, signer.fingerprint, signer.publicKey))
        throw new Broken(place, 'There is no good signature of the key of this package.');
      count = line;
    }
    if (expected.next().done !== true)
      throw new Broken({ file: STATEMENTS, line: count + 1 }, 'Statements are missing.');
    findings.saw('statements about merged commits, each made anew, with its signature', count);
  });
}
