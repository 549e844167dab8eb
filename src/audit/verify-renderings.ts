import { createHash } from 'node:crypto';
import { Broken } from './broken.ts';
import { isOurs, type Manifest } from './package.ts';
import { kindOf, MANIFEST } from './parts.ts';
import { NotInstalled, type Contents, type Rendering } from './rendering.ts';
import { renderingsOf } from './renderings.ts';
import { entryOf } from './stated-file.ts';
import type { Findings } from './verification.ts';

/**
 * Each rendering, whose bytes are those of the manifest already, is made anew and compared where that is possible, and it is
 * said where it is not.
 */
export async function checkRenderings(
  manifest: Manifest,
  contents: Contents,
  findings: Findings,
): Promise<void> {
  const names = manifest.files.map(({ name }) => name).filter((name) => kindOf(name) === 'rendering');
  const renderings = new Map(renderingsOf(contents).map((rendering) => [rendering.name, rendering]));
  const { version } = manifest.tool;
  let same = 0;
  for (const name of names) {
    const rendering = renderings.get(name);
    const obstacle =
      rendering === undefined || !isOurs(manifest)
        ? `only version ${version} can make it anew`
        : await obstacleTo(rendering, manifest);
    if (obstacle === undefined && rendering !== undefined) {
      await checkRendering(rendering, manifest);
      same++;
    } else findings.saw(`file by its digest alone, ${name}: ${obstacle ?? ''}`, 1);
  }
  if (same > 0) findings.saw('documents, each made anew from the tables', same);
}

/** Why it cannot be made anew here with the same bytes. */
async function obstacleTo({ name, madeWith }: Rendering, manifest: Manifest): Promise<string | undefined> {
  const theirs = entryOf(manifest, name).madeWith;
  try {
    const ours = await madeWith?.();
    if (ours === theirs) return undefined;
    if (ours !== undefined && theirs !== undefined) return `it was made with ${theirs}, and here is ${ours}`;
  } catch (error) {
    if (error instanceof NotInstalled) return `to make it anew takes the package ${error.what}`;
    throw error;
  }
  throw new Broken({ file: MANIFEST }, `It does not say what ${name} was made with, as this version does.`);
}

async function checkRendering({ name, pieces }: Rendering, manifest: Manifest): Promise<void> {
  const ours = createHash('sha256');
  for await (const piece of pieces()) ours.update(piece);
  if (ours.digest('hex') !== entryOf(manifest, name).sha256)
    throw new Broken({ file: name }, 'It is not what the tables of this package make.');
}
