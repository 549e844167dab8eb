import type { Diagram, Statement } from './mermaid-diagram.ts';
import { readFlowchart } from './mermaid-flowchart.ts';
import { readSequence } from './mermaid-sequence.ts';

/** Statements of one diagram that are read; the rest is left out. */
const MOST_STATEMENTS = 5_000;

/** Text of a ```mermaid fence → diagram; undefined for kinds that draw no data flow. `line`: of its first line. Never throws. */
export function readMermaid(text: string, line: number): Diagram | undefined {
  const statements = splitStatements(text, line);
  const start = statements.findIndex((statement) =>
    /^(?:flowchart|graph|sequenceDiagram)\b/.test(statement.text),
  );
  const head = statements[start];
  // Anything before it but settings means another kind of diagram.
  if (!head || start > 0) return undefined;
  const body = statements.slice(1, MOST_STATEMENTS);
  return head.text.startsWith('sequenceDiagram') ? readSequence(body) : readFlowchart(body);
}

const LONGEST = 2_000;

/** Lines without comments and settings; `;` separates statements outside of quotes and brackets. */
function splitStatements(text: string, line: number): readonly Statement[] {
  const lines = text.split('\n');
  const front = lines[0]?.trim() === '---' ? lines.indexOf('---', 1) + 1 : 0;
  return lines.slice(front).flatMap((raw, index) => {
    const at = line + front + index;
    const bare = raw.slice(0, LONGEST).trim();
    if (bare === '' || bare.startsWith('%%')) return [];
    return splitSemicolons(bare).map((statement) => ({ text: statement, line: at }));
  });
}

function splitSemicolons(line: string): readonly string[] {
  if (!line.includes(';')) return [line];
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '"') quoted = !quoted;
    else if ('[({'.includes(character)) depth++;
    else if ('])}'.includes(character)) depth--;
    else if (character === ';' && !quoted && depth <= 0) {
      parts.push(line.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, line.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}
