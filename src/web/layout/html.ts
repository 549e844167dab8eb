import { raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { html as escaped } from '../../core/report/escape.ts';

/** HTML that was made here: only `html` and `trusted` make it, so that foreign text cannot pass for it. */
export type SafeHtml = HtmlEscapedString;

/** What may stand in a template: strings are escaped, nothing is nothing, lists are joined. */
export type Content = SafeHtml | string | number | undefined | readonly Content[];

/**
 * html`<p title="${reason}">${parts}</p>`. Every string is escaped for text and for quoted attribute values; controls and
 * overrides of direction become visible. Write quotes around attribute values.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): SafeHtml {
  return raw(strings.map((part, i) => part + render(values[i])).join(''));
}

/** For HTML from elsewhere that is known to be safe: our own constants. Never for anything that was read. */
export const trusted = (text: string): SafeHtml => raw(text);

export const NOTHING = trusted('');

/** Several contents with something between them. */
export const joined = (parts: readonly Content[], between: Content): SafeHtml =>
  raw(parts.map(render).join(render(between)));

/** Text whose line ends matter, for `<pre>`; everything else as in `html`. */
export const lines = (text: string): SafeHtml =>
  raw(
    text
      .toWellFormed()
      .split(/\r\n|[\n\r]/)
      .map(indented)
      .join('\n'),
  );

/** Attributes that are there or not: `<a${attributes({ href, hidden: true, title: undefined })}>`. Names are ours. */
export function attributes(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): SafeHtml {
  const written = Object.entries(values).map(([name, value]) => {
    if (value === undefined || value === false) return '';
    return value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`;
  });
  return raw(written.join(''));
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'number') return String(content);
  if (isList(content)) return content.map(render).join('');
  return isSafe(content) ? content.toString() : escaped(content);
}

const isList = (content: Content): content is readonly Content[] => Array.isArray(content);

/** A plain string has no properties of its own, so none can be made to look like this. */
const isSafe = (content: string): content is SafeHtml => typeof content === 'object';

/** Tabs stay what they look like. */
const indented = (line: string): string => escaped(line.replaceAll('\t', '    '));
