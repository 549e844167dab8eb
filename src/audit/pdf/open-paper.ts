import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NotInstalled } from '../rendering.ts';
import { Paper } from './paper.ts';
import { unpackFont } from './unpack-font.ts';

const FONTS = '@fontsource/dejavu-sans';

/** What decides about the bytes of a PDF besides us. */
export async function versionsOfMakers(): Promise<string> {
  const here = import.meta.url;
  const pdfkit = packageFile('pdfkit', here);
  const makers = [
    ['pdfkit', pdfkit],
    ['fontkit', packageFile('fontkit', pathToFileURL(pdfkit).href)],
    [FONTS, packageFile(FONTS, here)],
  ] as const;
  const versions = await Promise.all(
    makers.map(async ([name, file]) => `${name} ${versionIn(await readFile(file, 'utf8'))}`),
  );
  return versions.join(', ');
}

function packageFile(name: string, from: string): string {
  try {
    const file = findPackageJSON(name, from);
    if (file !== undefined) return file;
  } catch (cause) {
    throw new NotInstalled(name, 'The PDF', cause);
  }
  throw new NotInstalled(name, 'The PDF', undefined);
}

const versionIn = (text: string): string => (JSON.parse(text) as { readonly version: string }).version;

export interface Title {
  readonly title: string;
  readonly at: Date;
  readonly creator: string;
}

/**
 * An empty document. It is not compressed: what compresses differs from machine to machine in its bytes, and everybody has to
 * be able to make the same file again.
 */
export async function openPaper({ title, at, creator }: Title): Promise<Paper> {
  const { default: Document } = await import('pdfkit').catch((cause: unknown) => {
    throw new NotInstalled('pdfkit', 'The PDF', cause);
  });
  const [regular, bold] = await Promise.all([fontFile(400), fontFile(700)]);
  const document = new Document({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    compress: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    // None: whichever is drawn with is one of the two below, which are embedded.
    font: '',
    info: { Title: title, Creator: creator, Producer: 'pdfkit', CreationDate: at, ModDate: at },
  });
  document.registerFont('regular', regular).registerFont('bold', bold);
  return new Paper(document);
}

async function fontFile(weight: 400 | 700): Promise<Buffer> {
  const name = `${FONTS}/files/dejavu-sans-latin-${weight}-normal.woff`;
  try {
    return unpackFont(await readFile(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new NotInstalled(FONTS, 'The PDF', cause);
  }
}
