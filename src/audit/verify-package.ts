import { WAYS } from '../core/model/audit.ts';
import { UserError } from '../review/errors.ts';
import { Broken } from './broken.ts';
import { modelsNeeded, termsOf, withModels, type Derived } from './derive.ts';
import { informationSheet } from './information.ts';
import { hintOf, type Manifest } from './package.ts';
import { kindOf, MANIFEST } from './parts.ts';
import { filesIn } from './read-file.ts';
import type { Contents } from './rendering.ts';
import { sheetsOf } from './sheets.ts';
import { checkDigest } from './stated-file.ts';
import { checkStatements } from './statements.ts';
import { verification, type Findings, type Verification } from './verification.ts';
import { checkDocuments, checkRecords } from './verify-ledger.ts';
import { checkManifest, type Trust } from './verify-manifest.ts';
import { checkRenderings } from './verify-renderings.ts';
import { checkSheets } from './verify-sheets.ts';

/**
 * Checks a package with nothing but itself. What is inside comes first and the digests of the files last, so that what was
 * altered is named by line and record where that can be said.
 */
export function verifyPackage(folder: string, shown: string, trust: Trust): Promise<Verification> {
  return verification(shown, 'package', async (findings) => {
    const names = await filesIn(folder);
    if (!names.some((name) => kindOf(name) !== undefined))
      throw new UserError(
        `${shown} is not an evidence package.`,
        'Name the folder that `threatgate evidence` wrote, or a file with records.',
      );
    const manifest = await checkManifest(folder, names, trust, findings);
    const recorded = await checkRecords(folder, manifest, findings);
    const documents = { expected: recorded.documents, wanted: modelsNeeded(recorded) };
    const derived = withModels(recorded, await checkDocuments(folder, manifest, documents, findings));
    checkCounts(manifest, derived, findings);
    const contents = contentsOf(manifest, derived);
    await checkSheets(folder, manifest, contents.sheets, findings);
    await checkStatements(folder, manifest, derived, findings);
    for (const { name } of manifest.files)
      if ([undefined, 'rendering'].includes(kindOf(name))) await checkDigest(folder, name, manifest);
    await checkRenderings(manifest, contents, findings);
    findings.saw('files, by size and digest', manifest.files.length);
  });
}

function checkCounts(manifest: Manifest, { population }: Derived, findings: Findings): void {
  for (const way of WAYS)
    if (manifest.counts[way] !== population.counts[way])
      throw new Broken(
        { file: MANIFEST },
        `It counts ${manifest.counts[way]} changes as ${way}, and ${population.counts[way]} follow from the records.${hintOf(manifest)}`,
      );
  findings.saw('changes, counted anew from the records', population.changes.length);
}

/** The information sheet is the last one: it speaks of the others, and whoever altered one of them altered it as well. */
function contentsOf(manifest: Manifest, derived: Derived): Contents {
  const { schema, tool, query, generatedAt, origin, signer, counts, repositories } = manifest;
  const files = manifest.files.filter(({ name }) => ['ledger', 'table'].includes(kindOf(name) ?? ''));
  const head = { schema, tool, query, generatedAt, ...(origin ? { origin } : {}), signer };
  const stated = { ...head, counts, repositories, files };
  const sheets = sheetsOf(derived, termsOf(stated));
  return { stated, derived, sheets: [...sheets, informationSheet(stated, derived, sheets)] };
}
