import { Broken } from './broken.ts';
import { isOurs, MOST_MANIFEST, readManifest, type Manifest } from './package.ts';
import { MANIFEST, PARTS, SIGNATURE, type Part } from './parts.ts';
import { textOf } from './read-file.ts';
import { idOf } from './keys.ts';
import { checkSignature } from './sign.ts';
import { whole } from './stated-file.ts';
import type { Standing, TrustedKeys } from './trusted-keys.ts';
import type { Findings, SignatureFinding } from './verification.ts';

export interface Trust {
  /** Undefined: whoever signed it is named, and nobody is expected. */
  readonly keys: TrustedKeys | undefined;
  readonly requireSignature: boolean;
}

export async function checkManifest(
  folder: string,
  names: readonly string[],
  trust: Trust,
  findings: Findings,
): Promise<Manifest> {
  if (!names.includes(MANIFEST)) throw new Broken({ file: MANIFEST }, 'It is missing.');
  const bytes = await whole(folder, MANIFEST, MOST_MANIFEST);
  const manifest = readManifest(textOf(bytes, { file: MANIFEST }));
  findings.digest = manifest.digest;
  await checkSigner(folder, names, manifest, bytes, trust, findings);
  const listed = manifest.files.map((file) => file.name);
  const parts = PARTS.filter(({ kind }) => kind !== 'head');
  for (const name of [...parts.filter((part) => isDue(part, manifest)).map((part) => part.name), ...listed])
    if (!names.includes(name)) throw new Broken({ file: name }, 'It is missing.');
  for (const part of parts) requireListed(part, manifest, listed);
  if (listed.some((name, n) => n > 0 && name <= (listed[n - 1] ?? '')))
    throw new Broken({ file: MANIFEST }, 'Its files are not in order.');
  const known = new Set([...listed, MANIFEST, SIGNATURE]);
  const extra = names.find((name) => !known.has(name));
  if (extra !== undefined) throw new Broken({ file: extra }, 'The manifest does not know it.');
  const { from, to } = manifest.query;
  if (Date.parse(from) >= Date.parse(to))
    throw new Broken({ file: MANIFEST }, 'Its period ends before it begins.');
  return manifest;
}

async function checkSigner(
  folder: string,
  names: readonly string[],
  { signer, generatedAt }: Manifest,
  bytes: Buffer,
  { keys, requireSignature }: Trust,
  findings: Findings,
): Promise<void> {
  const broken = (why: string): Broken => new Broken({ file: SIGNATURE }, why);
  if (!names.includes(SIGNATURE)) {
    if (signer !== null) throw broken(`It is missing: the manifest says that key ${signer} signed it.`);
    if (requireSignature || keys !== undefined) throw broken('The package is not signed.');
    findings.signature = { state: 'none' };
    return;
  }
  const text = textOf(await whole(folder, SIGNATURE, 10_000), { file: SIGNATURE });
  const by = checkSignature(text, bytes);
  const keyId = idOf(by.fingerprint);
  if (keyId !== signer) throw broken(`Key ${keyId} signed it, and the manifest names ${signer ?? 'none'}.`);
  const standing: Standing = keys?.standingOf(by.fingerprint, generatedAt) ?? { state: 'unknown' };
  findings.signer = by;
  findings.signature = signatureFinding(standing, keyId);
  findings.saw('signature', 1);
  if (standing.state === 'refused') throw broken(`Its signature does not count. ${standing.why}`);
  if (standing.state === 'trusted') return;
  if (keys !== undefined)
    throw broken(`Key ${keyId} signed it, which is none of those that are trusted (${keys.ids.join(', ')}).`);
  if (requireSignature)
    throw broken(`Key ${keyId} signed it, and nothing says whose that is: name trusted keys with --trust.`);
}

function signatureFinding(standing: Standing, keyId: string): SignatureFinding {
  switch (standing.state) {
    case 'trusted':
      return { state: 'trusted', keyId, from: standing.from };
    case 'refused':
      return { state: 'refused', keyId, why: standing.why };
    case 'unknown':
      return { state: 'unknown-key', keyId };
  }
}

/** A package of another version may lack what came later, or have it under another name. */
function isDue({ kind, drawn }: Part, manifest: Manifest): boolean {
  if (kind === 'signed' && manifest.signer === null) return false;
  return (kind === 'ledger' || isOurs(manifest)) && (drawn === undefined || manifest.query.sample !== null);
}

function requireListed(part: Part, manifest: Manifest, listed: readonly string[]): void {
  const there = listed.includes(part.name);
  if (!there && isDue(part, manifest)) throw new Broken({ file: MANIFEST }, `It does not name ${part.name}.`);
  if (there && part.drawn === true && manifest.query.sample === null)
    throw new Broken({ file: MANIFEST }, `It names ${part.name}, and no sample was asked for.`);
  if (there && part.kind === 'signed' && manifest.signer === null)
    throw new Broken({ file: MANIFEST }, `It names ${part.name}, and nobody signed it.`);
}
