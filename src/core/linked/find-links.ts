import { ownLines } from '../commands/own-lines.ts';
import type { Doubt } from '../model/doubt.ts';
import type { Policy } from '../model/policy.ts';

/** A pull request in a repository that keeps threat models. */
export interface Link {
  /** `owner/name`, as written. */
  readonly repository: string;
  readonly number: number;
}

export interface Links {
  readonly links: readonly Link[];
  /** Links that are not followed, each with what to do about it. */
  readonly problems: readonly Doubt[];
}

/** Links that are followed; each costs requests. */
const MOST = 5;
/** Trailers stand at the end of a message; more than this is not looked at. */
const MESSAGE_CHARS = 5_000;

const KEY = /^\s*(?:[-*+]\s+)?threat-model:[ \t]*(.*)$/i;
const SHORT = /^([a-z\d][a-z\d-]{0,99}\/(?!\.)[\w.-]{1,100})#([1-9]\d{0,8})(?=[\s.,;)]|$)/i;
const ADDRESS =
  /^<?https:\/\/([a-z\d.-]{1,200}(?::\d{1,5})?)\/([a-z\d][a-z\d-]{0,99}\/(?!\.)[\w.-]{1,100})\/pull\/([1-9]\d{0,8})(?=[\s/?#>.,;)]|$)/i;

/**
 * Lines `Threat-Model: owner/repo#12`, or with the address of the pull request, in the prose of a pull request's body and
 * among the trailers of its commits. Lines that hold nothing like a link (an untouched template) say nothing. `host`: where
 * the repositories are; an address elsewhere is not followed. Never throws.
 */
export function findLinks(
  body: string,
  messages: readonly string[],
  policy: Policy,
  host = 'github.com',
): Links {
  const allowed = new Set(policy.linked.repositories.map((r) => r.toLowerCase()));
  const found = new Map<string, Link>();
  const problems = new Map<string, Doubt>();
  const { lines, complete } = /threat-model/i.test(body) ? ownLines(body) : { lines: [], complete: true };
  if (!complete)
    problems.set(
      '',
      note('The description has more markup than could be read, so no link in it was looked for.'),
    );
  for (const text of [...lines.map((l) => l.text), ...messages.flatMap(trailersOf)]) {
    const link = linkIn(text, host);
    if (!link) continue;
    const key = `${link.repository}#${link.number}`.toLowerCase();
    if (found.has(key) || problems.has(key)) continue;
    if (!allowed.has(link.repository.toLowerCase())) problems.set(key, refused(link));
    else if (found.size < MOST) found.set(key, link);
    else problems.set(key, note(`The link to \`${link.repository}#${link.number}\` is one too many.`));
  }
  return { links: [...found.values()], problems: [...problems.values()].slice(0, 2 * MOST) };
}

function linkIn(line: string, host: string): Link | undefined {
  const value = KEY.exec(line.slice(0, 1_000))?.[1]?.trim();
  if (value === undefined) return undefined;
  const short = SHORT.exec(value);
  if (short?.[1] !== undefined) return { repository: short[1], number: Number(short[2]) };
  const address = ADDRESS.exec(value);
  if (address?.[2] === undefined || address[1]?.toLowerCase() !== host.toLowerCase()) return undefined;
  return { repository: address[2], number: Number(address[3]) };
}

/** The last paragraph of a message, if it is not the only one. */
function trailersOf(message: string): readonly string[] {
  const paragraphs = message
    .slice(-MESSAGE_CHARS)
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .split(/\n[ \t]*\n/);
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined;
  return (last ?? '').split('\n').filter((line) => /^threat-model:/i.test(line));
}

function refused(link: Link): Doubt {
  return {
    code: 'linked-model-unreadable',
    message: `The threat model is said to be in \`${link.repository}#${link.number}\`, and the policy does not allow models from there.`,
    remedy: `Add \`${link.repository}\` to \`linked.repositories\` in the policy on the default branch, or take the line out.`,
    weight: 'doubt',
  };
}

/** A link that is not followed can only make the gate stricter. */
function note(message: string): Doubt {
  return {
    code: 'linked-model-unreadable',
    message,
    remedy: `Give at most ${MOST} links, one a line: \`Threat-Model: owner/repository#12\`.`,
    weight: 'note',
  };
}
