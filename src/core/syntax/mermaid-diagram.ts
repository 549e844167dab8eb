export interface DiagramNode {
  readonly id: string;
  readonly label: string;
  readonly shape: NodeShape;
  /** Names of `:::classes`. */
  readonly classes: readonly string[];
  /** Id of the innermost group it was mentioned in. */
  readonly group?: string;
  readonly line: number;
}

export type NodeShape = 'box' | 'round' | 'stadium' | 'store' | 'circle' | 'other' | 'actor';

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly both: boolean;
  readonly line: number;
}

export interface DiagramGroup {
  readonly id: string;
  readonly label: string;
  readonly parent?: string;
  readonly line: number;
}

/** What a Mermaid diagram draws; ids are its own. */
export interface Diagram {
  readonly kind: 'flowchart' | 'sequence';
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  readonly groups: readonly DiagramGroup[];
}

/** One statement with its line in the file. */
export interface Statement {
  readonly text: string;
  readonly line: number;
}

/** A label as people read it: quotes, Markdown marks and HTML removed, `<br>` a line end, `#quot;` and the like decoded. */
export function cleanLabel(raw: string): string {
  return raw
    .trim()
    .replace(/^"`?|`?"$/g, '')
    .replace(/<br\s{0,4}\/?>|\\n/gi, '\n')
    .replace(/<\/?[a-z][^<>]{0,100}>/gi, '')
    .replace(/#quot;|&quot;/g, '"')
    .replace(/#amp;|&amp;/g, '&')
    .replace(/&lt;|#lt;/g, '<')
    .replace(/&gt;|#gt;/g, '>')
    .replace(/\*\*/g, '')
    .trim();
}
