import type { Block, Inline } from '../../syntax/markdown-blocks.ts';
import { isSaid } from '../conventions.ts';
import { kindOf } from '../reading/kinds.ts';
import { protocolIn } from '../reading/protocols.ts';
import { given, normaliseName, oneLine } from '../reading/text.ts';
import type { ElementDraft } from './drafts.ts';
import { readTruth } from './element-rows.ts';
import { plainText, texts } from './fields.ts';
import { isPlaceholder, splitId } from './vocabulary.ts';

const NAME_CHARS = 90;

/** Points of a list under a heading such as “Components”: `**Name** (kind): text`, `Name – text`, `A -> B: text`. */
export function readElementList(
  list: Extract<Block, { kind: 'list' }>,
  element: ElementDraft['element'],
  kind?: string,
): readonly ElementDraft[] {
  return list.items.flatMap((item) => readItem(item, element, kind) ?? []);
}

function readItem(
  item: readonly Block[],
  element: ElementDraft['element'],
  kind?: string,
): ElementDraft | undefined {
  const first = item[0];
  if (first?.kind !== 'paragraph' || isPlaceholder(first.inline.text)) return undefined;
  const named = splitName(first.inline, element);
  if (!named || !isSaid(named.name) || isPlaceholder(named.name)) return undefined;
  const raw = texts(item).join('\n');
  const pairs = readPairs(named.text);
  const split = splitId(named.name);
  const type = [named.kind, pairs.get('type'), kind].filter((words) => words !== undefined).join(' ');
  const ends = element === 'flow' || element === 'boundary' ? readEnds(split.rest, pairs) : {};
  return {
    element,
    name: split.rest,
    tags: [...named.tags, ...tagsOf(pairs)],
    raw,
    line: first.line,
    ...ends,
    ...given({
      id: split.id,
      description: pairs.size === 0 && named.text !== '' ? named.text : pairs.get('description'),
      type: type === '' ? undefined : type,
      boundary: pairs.get('boundary') ?? pairs.get('zone') ?? pairs.get('inboundary'),
      encrypted: readTruth(pairs.get('is encrypted') ?? pairs.get('encrypted') ?? pairs.get('isencrypted')),
      protocol:
        pairs.get('protocol') ??
        (element === 'flow' ? protocolIn([named.kind ?? '', named.text, split.rest].join(' ')) : undefined),
    }),
  };
}

interface Named {
  readonly name: string;
  readonly text: string;
  /** Words in parentheses after the name that tell a kind (or a protocol). */
  readonly kind?: string;
  readonly tags: readonly string[];
}

/** Name and text of a point; long prose without a name in front is no element, but a boundary may be a phrase. */
function splitName(inline: Inline, element: ElementDraft['element']): Named | undefined {
  const whole = plainText(
    (inline.raw.split(/\r?\n(?=\s*[*_]{0,2}(?:Resources?|Owner|Ticket|Due|Expires)\b)/)[0] ?? '').replace(
      /\r?\n\s*/g,
      ' ',
    ),
  );
  const lead = inline.lead === undefined ? undefined : oneLine(inline.lead).replace(/\s*:$/, '');
  const leads =
    lead !== undefined && lead.length <= NAME_CHARS && normaliseName(whole).startsWith(normaliseName(lead));
  const rest = leads ? whole.slice(whole.indexOf(lead) + lead.length) : undefined;
  const cut = /^(.{1,90}?)(?::\s|\s[–—]\s|\s-\s|\s=\s|:$)(.*)$/su.exec(whole);
  const name = rest !== undefined && /^\s*(?:$|[:(–—,=-])/u.test(rest) ? lead : balanced(cut?.[1]);
  const text = name === lead && rest !== undefined ? rest : (cut?.[2] ?? '');
  if (name === undefined) return shortOnly(whole, element);
  const bracket = /^\s*\(([^()]{1,80})\)\s*/.exec(text) ?? /\s*\(([^()]{1,80})\)\s*$/.exec(name);
  const kind = bracket?.[1];
  return {
    name: name.replace(/\s*\([^()]{1,80}\)\s*$/, '').trim(),
    text: text
      .replace(/^\s*\([^()]{1,80}\)/, '')
      .replace(/^\s*[:–—=,-]+\s*/u, '')
      .trim(),
    ...given({ kind }),
    tags: kind !== undefined && kindOf(kind) === 'unknown' && element === 'component' ? [`note=${kind}`] : [],
  };
}

/** A dash inside brackets does not end a name. */
function balanced(name: string | undefined): string | undefined {
  if (name === undefined || name.split('(').length === name.split(')').length) return name;
  return name.slice(0, name.indexOf('(')).trim() || undefined;
}

function shortOnly(whole: string, element: ElementDraft['element']): Named | undefined {
  const name = whole.replace(/[.;,]$/, '');
  const most = element === 'boundary' ? 90 : element === 'flow' && ARROW.test(name) ? 200 : 70;
  const bracket = /^(.{1,80}?)\s*\(([^()]{1,80})\)$/.exec(name);
  if (bracket?.[1] && bracket[2]) return { name: bracket[1], text: '', kind: bracket[2], tags: [] };
  return name !== '' && name.length <= most ? { name, text: '', tags: [] } : undefined;
}

/** `boundary=DMZ, protocol="HTTPS"` as a map with normalised keys; empty when the text is anything else. */
function readPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  if (!/^\s*[\w ]{1,30}=/.test(text)) return pairs;
  for (const match of text.slice(0, 2_000).matchAll(/([\w ]{1,30})=\s*(?:"([^"]{0,300})"|([^,]{0,300}))/g))
    pairs.set(normaliseName(match[1] ?? ''), (match[2] ?? match[3] ?? '').trim());
  return pairs;
}

/** Security-relevant pairs that have no slot of their own; colours and line styles are none. */
function tagsOf(pairs: ReadonlyMap<string, string>): readonly string[] {
  const kept = ['data', 'classification', 'is authenticated', 'istrusted', 'technology', 'trust'];
  return kept.flatMap((key) => (pairs.has(key) ? [`${key}=${pairs.get(key) ?? ''}`] : []));
}

const ARROW = /^(.{1,120}?)\s*(<-+>|<=+>|↔|⇄|<→|-+>|=+>|→|⇒|⟶)\s*(.{1,120})$/u;

/** Ends of a flow from its own words: `A -> B`, `A ↔ B`, `from="A", to="B"`, `from A to B`. */
export function readEnds(name: string, pairs: ReadonlyMap<string, string> = new Map()) {
  const from = pairs.get('from') ?? pairs.get('source');
  const to = pairs.get('to') ?? pairs.get('target') ?? pairs.get('sink') ?? pairs.get('destination');
  if (from !== undefined && to !== undefined)
    return {
      source: from,
      target: to,
      ...given({ bidirectional: pairs.get('bidirectional')?.toLowerCase() === 'true' ? true : undefined }),
    };
  const arrow = ARROW.exec(name);
  if (arrow?.[1] && arrow[3])
    return {
      source: arrow[1],
      target: arrow[3],
      ...(/^[<↔⇄]/u.test(arrow[2] ?? '') ? { bidirectional: true } : {}),
    };
  const words = /^(?:data\s+)?(?:flows?\s+)?(?:from|between)\s+(.{1,50}?)\s+(?:to|and)\s+(.{1,50})$/i.exec(
    name,
  );
  return words?.[1] && words[2] ? { source: words[1], target: words[2] } : {};
}

/** Points of a list of assumptions. */
export function readAssumptionList(list: Extract<Block, { kind: 'list' }>): readonly string[] {
  return list.items.flatMap((item) => {
    const text = item[0]?.kind === 'paragraph' ? item[0].inline.text : '';
    return isSaid(text) && !isPlaceholder(text) ? [oneLine(text)] : [];
  });
}
