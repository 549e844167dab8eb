import { oscalRenderings } from './oscal.ts';
import { pdfRendering } from './pdf/evidence-pdf.ts';
import type { Contents, Rendering } from './rendering.ts';
import { xlsxRendering } from './xlsx/evidence-xlsx.ts';

/** Every file that says again what stands in the tables. */
export const renderingsOf = (contents: Contents): readonly Rendering[] => [
  pdfRendering(contents),
  xlsxRendering(contents),
  ...oscalRenderings(contents),
];
