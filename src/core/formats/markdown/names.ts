import { normaliseName, oneLine } from '../reading/text.ts';
import { splitId } from './vocabulary.ts';

/** Finds elements by what documents call them: name, id, id with name, name without its bracket. First come, first kept. */
export interface Names {
  add(key: string, name: string, id?: string): void;
  find(text: string): string | undefined;
}

export function makeNames(): Names {
  const keys = new Map<string, string>();
  const put = (name: string, key: string): void => {
    const known = normaliseName(name);
    if (known !== '' && !keys.has(known)) keys.set(known, key);
  };
  return {
    add(key, name, id) {
      put(name, key);
      if (id !== undefined) put(id, key);
    },
    find(text) {
      const split = splitId(text);
      const tries = [
        text,
        text.replace(/\s*[([][^()[\]]{0,80}[)\]]/g, ''),
        split.rest,
        split.id ?? '',
        text.split(/\s+(?:[–—-]|\/)\s+/u)[0] ?? '',
      ];
      return tries.map((one) => keys.get(normaliseName(one))).find((key) => key !== undefined);
    },
  };
}

/** A name without the marks around it. */
export function bareName(text: string): string {
  return oneLine(text.replace(/[*`]/g, '')).replace(/^_+|_+$/g, '');
}

/** Several names in one cell: `API, Worker`, lines, `A and B`; a name that is known as a whole stays whole. */
export function splitNames(text: string, names: Names): readonly string[] {
  const whole = text.replace(/[*`]/g, '').trim();
  if (names.find(whole) !== undefined) return [whole];
  const parts = whole
    .split(/[,;\n]|\s\/\s|\s\+\s|\s&\s|\band\b/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const known = parts.filter((part) => names.find(part) !== undefined);
  return known.length > 0 || /[,;\n]/.test(whole) ? parts : [whole];
}
