/** Longer ones are shown as they are: they would have to be read whole before the first line is shown. */
const MOST = 1_000_000;

/** JSON with a line for each thing in it; any other text as it is. */
export function prettyJson(text: string): string {
  if (text.length > MOST) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The files of rules inside a policy document, as somebody wrote them. */
export function sourcesOf(
  text: string,
): readonly { readonly id: string; readonly title: string; readonly text: string }[] {
  try {
    const value: unknown = text.length > MOST ? undefined : JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    const entries = new Map<string, unknown>(Object.entries(value));
    return FILES.flatMap(([key, title]) => {
      const file = entries.get(key);
      return typeof file === 'string' && file !== '' ? [{ id: key, title, text: file }] : [];
    });
  } catch {
    return [];
  }
}

const FILES = [
  ['repository', 'Rules of the repository'],
  ['organisation', 'Defaults of the organisation'],
] as const;
