import {
  cleanLabel,
  type Diagram,
  type DiagramEdge,
  type DiagramGroup,
  type DiagramNode,
  type Statement,
} from './mermaid-diagram.ts';

const MESSAGE =
  /^([^\s>()+-][^>()+]{0,80}?)\s*(<<-{1,2}>>|-{1,2}(?:>>|>|x|\)))\s*[+-]?\s*([^:]{1,80}?)\s*:\s*(.*)$/;
const PARTICIPANT = /^(?:create\s+)?(participant|actor)\s+(.+?)(?:\s+as\s+(.+))?$/;

/** Participants and messages of a sequence diagram; dashed messages are answers and add no flow of their own. */
export function readSequence(statements: readonly Statement[]): Diagram {
  const nodes = new Map<string, DiagramNode>();
  const edges: DiagramEdge[] = [];
  const groups: DiagramGroup[] = [];
  let box: string | undefined;
  let nested = 0;
  const know = (id: string, line: number): void => {
    if (!nodes.has(id)) nodes.set(id, { id, label: id, shape: 'box', classes: [], line });
  };
  for (const { text, line } of statements) {
    const participant = PARTICIPANT.exec(text);
    const message = participant ? undefined : MESSAGE.exec(text);
    if (participant) {
      const id = (participant[2] ?? '').replace(/@\{.*\}$/, '').trim();
      const shape = participant[1] === 'actor' ? 'actor' : 'box';
      nodes.set(id, {
        id,
        label: cleanLabel(participant[3] ?? id),
        shape,
        classes: [],
        ...(box === undefined ? {} : { group: box }),
        line,
      });
    } else if (/^box\b/.test(text)) {
      box = cleanLabel(
        text
          .slice(3)
          .replace(
            /^\s*(?:transparent|rgba?\([^)]*\)|#[0-9a-f]{3,8}|(?:aqua|black|blue|brown|cyan|fuchsia|gold|gr[ae]y|green|lime|magenta|maroon|navy|olive|orange|pink|purple|red|silver|teal|white|yellow|light\w+|dark\w+)(?=\s+\S))\s*/i,
            '',
          ),
      );
      groups.push({ id: box, label: box, line });
    } else if (/^(?:loop|alt|opt|par|critical|break|rect)\b/.test(text)) nested++;
    else if (text === 'end') {
      if (nested > 0) nested--;
      else box = undefined;
    } else if (message) {
      const from = (message[1] ?? '').trim();
      const to = (message[3] ?? '').trim();
      know(from, line);
      know(to, line);
      const arrow = message[2] ?? '';
      if (arrow.startsWith('<<') || !arrow.startsWith('--'))
        edges.push({ from, to, label: cleanLabel(message[4] ?? ''), both: arrow.startsWith('<<'), line });
    }
  }
  return {
    kind: 'sequence',
    nodes: [...nodes.values()],
    edges: edges.filter((edge) => edge.from !== edge.to),
    groups,
  };
}
