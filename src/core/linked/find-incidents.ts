import { ownLines } from '../commands/own-lines.ts';

/** A number of some kind, as an emergency names its incident. */
const LINE = /^ {0,3}(?:[-*+] +)?Incidents?: *(\S.*)$/i;
const INCIDENT = /^(?=\D*\d)[\w#][\w.#:/?=&-]{0,199}$/;
const MOST = 10;

/**
 * Incidents that a pull request says it follows from: lines of its text such as `Incident: INC-7`. Undefined where there are
 * none. Never throws.
 */
export function incidentsIn(body: string): readonly string[] | undefined {
  if (!/incidents?:/i.test(body)) return undefined;
  const found = ownLines(body).lines.flatMap(({ text }) => {
    const [, named = ''] = LINE.exec(text) ?? [];
    return named.split(/[\s,]+/).filter((word) => INCIDENT.test(word));
  });
  const incidents = [...new Set(found)].slice(0, MOST);
  return incidents.length === 0 ? undefined : incidents;
}
