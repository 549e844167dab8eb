import type { ResourceRef } from '../model/threat-model.ts';
import { classifyReference, mentionsIn, uniqueRefs } from './reading/references.ts';

/**
 * What people can say in any format, because every format has room for text: lines (or parts of a cell) such as
 * `Resource: aws_s3_bucket.logs`, `Owner: @team`, `Ticket: ABC-1`, `Due: 2027-03-01`, `Expires: 2027-06-30`,
 * `Justification: …`. A label inside a line must begin with a capital; at the start of a line case does not matter.
 */
export interface Conventions {
  readonly refs: readonly ResourceRef[];
  readonly owner?: string;
  readonly tickets: readonly string[];
  readonly due?: string;
  readonly expires?: string;
  readonly justification?: string;
}

type Slot = 'resource' | 'owner' | 'ticket' | 'due' | 'expires' | 'justification';

const SLOTS: Readonly<Record<string, Slot>> = {
  resource: 'resource',
  resources: 'resource',
  'resource address': 'resource',
  owner: 'owner',
  owners: 'owner',
  'risk owner': 'owner',
  'mitigation owner': 'owner',
  'owned by': 'owner',
  ticket: 'ticket',
  tickets: 'ticket',
  issue: 'ticket',
  due: 'due',
  'due date': 'due',
  expires: 'expires',
  expiry: 'expires',
  'accepted until': 'expires',
  justification: 'justification',
  rationale: 'justification',
};

const LABEL =
  /(^|[\s(*_;,.|>•-])((?:resources?(?: address)?|(?:risk |mitigation )?owners?|owned by|tickets?|issue|due(?: date)?|expir(?:es|y)|accepted until|justification|rationale))[*_]{0,3}\s?:[*_]{0,3}(?!\/\/)/gi;

/** Only so much of one element's text is searched. */
const SEARCHED = 20_000;

/** Reads the conventions out of one element's text, Markdown or plain. Never throws. */
export function readConventions(text: string): Conventions {
  const lines = text.slice(0, SEARCHED).split(/\r?\n|<br\s{0,4}\/?>/i);
  const found: Record<Slot, string[]> = {
    resource: [],
    owner: [],
    ticket: [],
    due: [],
    expires: [],
    justification: [],
  };
  let openList: Slot | undefined;
  for (const line of lines) {
    const parts = readLine(line);
    const bullet = /^\s*[-*+•]\s+(.+)$/.exec(line);
    if (parts.length === 0 && openList && bullet) found[openList].push(bullet[1] ?? '');
    else openList = undefined;
    for (const part of parts) {
      if (part.value !== '') found[part.slot].push(part.value);
      else openList = part.slot;
    }
  }
  return assemble(found, text);
}

function readLine(line: string): readonly { readonly slot: Slot; readonly value: string }[] {
  const matches = [...line.matchAll(LABEL)].filter((match) => {
    const atStart = /^[\s>*_•|(-]*$/.test(line.slice(0, match.index + (match[1]?.length ?? 0)));
    return atStart || /^[A-Z]/.test(match[2] ?? '');
  });
  return matches.flatMap((match, index) => {
    const slot = SLOTS[(match[2] ?? '').toLowerCase()];
    const from = match.index + match[0].length;
    return slot ? [{ slot, value: line.slice(from, matches[index + 1]?.index ?? line.length).trim() }] : [];
  });
}

function assemble(found: Readonly<Record<Slot, readonly string[]>>, text: string): Conventions {
  const owner = found.owner.map(clean).find(isSaid);
  const due = found.due.map(readDate).find((date) => date !== undefined);
  const expires = found.expires.map(readDate).find((date) => date !== undefined);
  const justification = found.justification.map(clean).find(isSaid);
  return {
    refs: uniqueRefs([...found.resource.flatMap(readResources), ...mentionsIn(text.slice(0, SEARCHED))]),
    tickets: [...new Set(found.ticket.flatMap(readTickets))],
    ...(owner === undefined ? {} : { owner }),
    ...(due === undefined ? {} : { due }),
    ...(expires === undefined ? {} : { expires }),
    ...(justification === undefined ? {} : { justification }),
  };
}

/** Without the marks around it and the full stop after it. */
function clean(value: string): string {
  return value
    .slice(0, 1_000)
    .replace(/^[\s*_`"'(|]+/, '')
    .replace(/[\s*_`"')|;,.]+$/, '')
    .replace(/\\([*_`|])/g, '$1');
}

/** `-`, `n/a`, `TBD`, `none` and the like fill a field without saying anything. */
export function isSaid(value: string): boolean {
  return !/^(?:|[-–—?.…/\s]+|n\/?a|none|no|nil|null|tb[acd]|to be (?:determined|defined|decided)|todo|unknown|unassigned|x{2,}|<.*>|\[.*\]|\{\{.*\}\}|\$\{.*\})$/i.test(
    value.trim(),
  );
}

/** Addresses of a `Resource:` value or cell: separated by commas, semicolons or line ends; globs stay. */
export function readResources(value: string): readonly ResourceRef[] {
  return value
    .split(/[,;\n]|<br\s{0,4}\/?>/)
    .map((part) =>
      part
        .replace(/[`"']|\*\*/g, '')
        .replace(/\\([*_?])/g, '$1')
        .replace(/^[\s(|-]+|[\s)|.]+$/g, ''),
    )
    .filter((part) => isSaid(part) && part.length <= 300)
    .map((part) => ({ kind: classifyReference(part) ?? 'address', value: part, from: 'explicit' }));
}

const TICKET =
  /https?:\/\/[^\s)>\]|,;]+|[A-Za-z0-9][\w.-]*\/[\w.-]+#\d+|\b[A-Z][A-Z0-9]+-\d+\b|(?<![\w/])#\d+|\bGH-\d+\b/g;

/** Tickets of a `Ticket:` value or cell: URLs, `ABC-1`, `#12`, `owner/repo#12`; other words are kept as one name. */
export function readTickets(value: string): readonly string[] {
  const text = value.slice(0, 2_000);
  const known = [...text.matchAll(TICKET)].map((match) => match[0].replace(/[.,;]+$/, ''));
  if (known.length > 0) return [...new Set(known)];
  const rest = clean(text);
  return isSaid(rest) && rest.length <= 80 ? [rest] : [];
}

/** The first ISO date in the text (`2027-03-01`, `2027/03/01`), or undefined. */
export function readDate(value: string): string | undefined {
  const match = /\b(\d{4})[-/](\d{2})[-/](\d{2})\b/.exec(value);
  if (!match) return undefined;
  const [, year, month, day] = match;
  const valid = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return valid ? `${year}-${month}-${day}` : undefined;
}
