/** A run of text: what it says and how it is written. */
export interface Inline {
  /** Without markup; `\n` where the source breaks the line on purpose (`<br>`). */
  readonly text: string;
  /** The source itself. */
  readonly raw: string;
  /** The text in bold, code or link that it begins with: `**Owner**: x` → `Owner`. */
  readonly lead?: string;
  /** Whether the lead is in bold. */
  readonly strong?: boolean;
  readonly line: number;
}

export interface MarkdownTable {
  readonly kind: 'table';
  readonly header: readonly Inline[];
  readonly rows: readonly (readonly Inline[])[];
  readonly line: number;
}

export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly inline: Inline; readonly line: number }
  | { readonly kind: 'paragraph'; readonly inline: Inline; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly (readonly Block[])[]; readonly line: number }
  | { readonly kind: 'code'; readonly language: string; readonly text: string; readonly line: number }
  | MarkdownTable;
