/** Where a word that is too long may be cut before it is cut anywhere: behind these. */
const SEAMS = /(?<=[/\-_.:,;=@#])/;

/** What a text that was cut short ends with. */
export const CUT = ' …';

export interface Room {
  readonly width: number;
  /** More lines than these are cut off, and it shows. */
  readonly lines: number;
  readonly widthOf: (text: string) => number;
}

/** Lines of a text that fit into a width, at least one. */
export function wrap(text: string, room: Room): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text, room)) {
    if (line !== '' && room.widthOf(line + piece.trimEnd()) > room.width) {
      lines.push(line.trimEnd());
      line = '';
      if (lines.length > room.lines) break;
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  if (lines.length <= room.lines) return lines;
  return [...lines.slice(0, room.lines - 1), cut(lines[room.lines - 1] ?? '', room)];
}

/** Words with the spaces behind them; a word that is wider than a line in parts that are not. */
function* piecesOf(text: string, room: Room): Generator<string> {
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    if (room.widthOf(word.trimEnd()) <= room.width) {
      yield word;
      continue;
    }
    for (const part of word.split(SEAMS)) {
      if (room.widthOf(part.trimEnd()) <= room.width) yield part;
      else yield* partsOf(part, room);
    }
  }
}

function* partsOf(part: string, { width, widthOf }: Room): Generator<string> {
  let begun = '';
  let size = 0;
  for (const character of part) {
    const wide = widthOf(character);
    if (begun !== '' && size + wide > width) {
      yield begun;
      [begun, size] = ['', 0];
    }
    begun += character;
    size += wide;
  }
  if (begun !== '') yield begun;
}

function cut(line: string, { width, widthOf }: Room): string {
  const characters = Array.from(line);
  while (characters.length > 0 && widthOf(characters.join('') + CUT) > width) characters.pop();
  return characters.join('').trimEnd() + CUT;
}
