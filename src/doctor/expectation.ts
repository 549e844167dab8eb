import type { Expected } from './setting.ts';

/** What the App calls its check, whoever runs it. */
export const OUR_NAME = 'Threatgate';

const LIKE_OURS = /threat-?model|threatgate/i;

/** Whether a check is meant to be ours: the one that was named, or what looks like it. */
export function isOurs(name: string, { check, app }: Expected): boolean {
  if (check !== undefined) return name === check;
  return app === undefined ? LIKE_OURS.test(name) : name === OUR_NAME;
}

export const isOursByFile = (path: string): boolean => LIKE_OURS.test(path);
