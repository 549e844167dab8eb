import { titleOf, wholeRendering, type Contents, type Rendering } from '../rendering.ts';
import { DOCUMENT } from '../parts.ts';
import { drawCover, drawPopulation, headOf } from './cover.ts';
import { openPaper, versionsOfMakers } from './open-paper.ts';
import { drawPackets } from './packet-pages.ts';
import { drawControls, drawInformation, drawSections } from './sections.ts';
import { drawVerification } from './verification-page.ts';

/** The package as a document that people open, print and file. */
export const pdfRendering = (contents: Contents): Rendering => ({
  ...wholeRendering(DOCUMENT, () => pdfOf(contents)),
  madeWith: versionsOfMakers,
});

async function pdfOf(contents: Contents): Promise<Uint8Array> {
  const { tool, generatedAt } = contents.stated;
  const creator = `threatgate ${tool.version}`;
  const paper = await openPaper({ title: titleOf(contents), at: new Date(generatedAt), creator });
  drawCover(paper, contents);
  drawInformation(paper, contents);
  drawControls(paper, contents);
  drawPopulation(paper, contents);
  drawPackets(paper, contents);
  drawSections(paper, contents);
  drawVerification(paper, contents);
  return paper.finish(headOf(contents), `${creator}  ·  made at ${generatedAt}`);
}
