import { Printable } from './printable.ts';
import { wrap } from './wrap.ts';

export type Weight = 'regular' | 'bold';
export type Element = PDFKit.PDFStructureElement;

export interface Style {
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
}

/** A4 across, in points. */
export const PAGE = { width: 841.89, height: 595.28 } as const;
const MARGIN = { top: 52, bottom: 40, side: 36 } as const;
export const LEFT = MARGIN.side;
export const WIDTH = PAGE.width - 2 * MARGIN.side;
const BOTTOM = PAGE.height - MARGIN.bottom;

export const BODY: Style = { size: 8.5 };
const H1: Style = { size: 16, weight: 'bold' };
const H2: Style = { size: 10.5, weight: 'bold' };
const FAINT = '#555555';

const heightOf = ({ size }: Style): number => size * 1.32;

interface SectionOptions {
  readonly below?: string;
  readonly follows?: boolean;
}

/** Less than this is no place to begin a section. */
const SECTION = 150;

/** Pages to be written on from above to below, with the structure that a screen reader goes by. */
export class Paper {
  /** Where the next thing begins. */
  y: number = MARGIN.top;
  readonly #document: PDFKit.PDFDocument;
  readonly #root: Element;
  #section: Element;
  readonly #printable: Printable;
  readonly #widths = { regular: new Map<string, number>(), bold: new Map<string, number>() };

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
    this.#root = document.struct('Document');
    document.addStructure(this.#root);
    this.#section = this.#root;
    this.#printable = new Printable(charactersOf(document));
  }

  /** For lines and areas; text goes through `write`, which knows what the font has. */
  get drawing(): PDFKit.Mixins.PDFVector & PDFKit.Mixins.PDFColor {
    return this.#document;
  }

  get room(): number {
    return BOTTOM - this.y;
  }

  page(): void {
    this.#document.addPage({ size: 'A4', layout: 'landscape', margin: 0 });
    this.y = MARGIN.top;
  }

  /** With a bookmark, which is below another one where its title is given; on a page of its own unless it may follow on. */
  section(title: string, { below, follows = false }: SectionOptions = {}): void {
    if (this.#section !== this.#root) this.#section.end();
    if (!follows || this.room < SECTION) this.page();
    else this.y += 12;
    this.#section = this.#element(this.#root, 'Sect');
    this.#bookmark(title, below);
    this.tagged(this.#section, below === undefined ? 'H1' : 'H2', () => {
      this.#lines(this.#wrapped(title, H1, WIDTH, 2), H1, LEFT);
    });
    this.y += 6;
  }

  heading(title: string): void {
    this.require(heightOf(H2) * 4);
    this.y += 6;
    this.tagged(this.#section, 'H2', () => {
      this.#lines(this.#wrapped(title, H2, WIDTH, 2), H2, LEFT);
    });
    this.y += 3;
  }

  paragraph(text: string, style: Style = BODY, most = 60): void {
    const lines = this.#wrapped(text, style, WIDTH, most);
    this.require(Math.min(lines.length, 3) * heightOf(style));
    let from = 0;
    // One paragraph for whoever hears it, however many pages it is on.
    const element = this.#element(this.#section, 'P');
    while (from < lines.length) {
      const fit = Math.max(1, Math.floor(this.room / heightOf(style)));
      const part = lines.slice(from, from + fit);
      element.add(() => {
        this.#lines(part, style, LEFT);
      });
      from += part.length;
      if (from < lines.length) this.page();
    }
    element.end();
    this.y += 4;
  }

  /** A new page unless there is so much room. */
  require(height: number): void {
    if (this.room < height) this.page();
  }

  /** A part of the structure, in the section that was begun last. */
  element(type: string, options: object = {}): Element {
    return this.#element(this.#section, type, options);
  }

  childOf(parent: Element, type: string): Element {
    return this.#element(parent, type);
  }

  tagged(parent: Element, type: string, draw: () => void, options: object = {}): void {
    const element = this.#element(parent, type, options);
    element.add(draw);
    element.end();
  }

  /** What is there for the eye alone. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.#document.markContent('Artifact', { type });
    draw();
    this.#document.endMarkedContent();
  }

  /** One line, of which the upper left corner is named. */
  write(line: string, x: number, y: number, { size, weight = 'regular', colour = '#000000' }: Style): void {
    if (line === '') return;
    this.#document.font(weight).fontSize(size).fillColor(colour).text(line, x, y, { lineBreak: false });
  }

  lines(text: string, style: Style, width: number, most: number): readonly string[] {
    return this.#wrapped(text, style, width, most);
  }

  widthOf(text: string, { size, weight = 'regular' }: Style): number {
    const widths = this.#widths[weight];
    let width = 0;
    for (const character of text) {
      let one = widths.get(character);
      if (one === undefined) {
        one = this.#document.font(weight).fontSize(1000).widthOfString(character);
        widths.set(character, one);
      }
      width += one;
    }
    return (width * size) / 1000;
  }

  /** Header and footer of every page, now that their number is known; and the bytes. */
  async finish(head: string, foot: string): Promise<Uint8Array> {
    if (this.#section !== this.#root) this.#section.end();
    this.#root.end();
    const { start, count } = this.#document.bufferedPageRange();
    const style = { size: 7, colour: FAINT };
    for (let n = 0; n < count; n++) {
      this.#document.switchToPage(start + n);
      this.artifact(() => {
        this.#margin(head, `${n + 1} of ${count}`, MARGIN.top - 24, style);
        this.#margin(foot, '', BOTTOM + 12, style);
      }, 'Pagination');
    }
    const pieces: Buffer[] = [];
    this.#document.on('data', (piece: Buffer) => pieces.push(piece));
    await new Promise((resolve) => {
      this.#document.on('end', resolve);
      this.#document.end();
    });
    return Buffer.concat(pieces);
  }

  #margin(left: string, right: string, y: number, style: Style): void {
    const end = this.#printable.text(right);
    const [line = ''] = this.#wrapped(left, style, WIDTH - 80, 1);
    this.write(line, LEFT, y, style);
    this.write(end, LEFT + WIDTH - this.widthOf(end, style), y, style);
  }

  #element(parent: Element, type: string, options: object = {}): Element {
    const element = this.#document.struct(type, options);
    parent.add(element);
    return element;
  }

  #bookmarks = new Map<string, PDFKit.PDFOutline>();

  #bookmark(title: string, below: string | undefined): void {
    const parent = this.#bookmarks.get(below ?? '') ?? this.#document.outline;
    const item = parent.addItem(this.#printable.text(title), { fit: true } as object);
    if (below === undefined) this.#bookmarks.set(title, item);
  }

  #wrapped(text: string, style: Style, width: number, most: number): readonly string[] {
    return wrap(this.#printable.text(text), {
      width,
      lines: most,
      widthOf: (piece) => this.widthOf(piece, style),
    });
  }

  #lines(lines: readonly string[], style: Style, x: number): void {
    for (const line of lines) {
      this.write(line, x, this.y, style);
      this.y += heightOf(style);
    }
  }
}

/** pdfkit draws an empty box for what a font has not, and tells nobody; the font behind it knows. */
function charactersOf(document: PDFKit.PDFDocument): (codePoint: number) => boolean {
  const fonts = (['regular', 'bold'] as const).map((weight) => {
    document.font(weight);
    return (document as unknown as { readonly _font: { readonly font: Font } })._font.font;
  });
  return (codePoint) => fonts.every((font) => font.hasGlyphForCodePoint(codePoint));
}

interface Font {
  hasGlyphForCodePoint(codePoint: number): boolean;
}
