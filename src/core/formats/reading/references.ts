import type { ResourceRef } from '../../model/threat-model.ts';

/** How a mention of a real thing looks, most telling first. A pattern sees one word or phrase of at most 300 characters. */
const SHAPES: readonly (readonly [ResourceRef['kind'], RegExp])[] = [
  ['arn', /^arn:[a-z0-9-]+:[a-z0-9-]*:[^\s]*$/],
  ['url', /^[a-z][a-z0-9+.-]{1,20}:\/\/\S+$/i],
  ['address', /^[A-Z][A-Za-z0-9]+::[A-Z][A-Za-z0-9]+(?:::[A-Z][A-Za-z0-9]+)?(?: [\w*?.-]+)?$/],
  [
    'address',
    /^(?:npm|pypi|go|golang|maven|cargo|gem|nuget|composer|docker|github|hex|pub|swift):@?[\w*?][\w*?./@:+-]*$/,
  ],
  ['address', /^(?:job|workflow|action|step|trigger) [\w*?./-]+$/],
  ['address', /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*$/],
  [
    'file',
    /^\.{0,2}\/?(?:[\w@.*+-]+\/)*[\w@.*+-]+\.(?:[cm]?[jt]sx?|py|go|java|kt|rs|rb|php|cs|cpp|cc?|hh?|swift|scala|tf|tfvars|hcl|bicep|ya?ml|json|toml|xml|sql|proto|graphql|md|sh|ps1|conf|ini|env|lock|html?|css|vue|groovy|gradle|properties|tpl)(?::L?\d+(?:-L?\d+)?(?:,\d+(?:-\d+)?)*|#L\d+(?:-L\d+)?)?$/,
  ],
  [
    'file',
    /^(?:\.github|\.gitlab|src|lib|app|cmd|pkg|internal|infra|deploy|terraform|charts?|docs?|test|tests|lambda)(?:\/[\w@.*+-]+)+\/?(?::\d+(?:-\d+)?)?$/,
  ],
  ['image', /^[\w.-]+(?::\d+)?(?:\/[\w.-]+){1,6}(?::[\w.-]+|@sha256:[0-9a-f]+)$/],
  ['address', /^[A-Z][A-Za-z0-9]+\/[\w*?.-]+\/[\w*?.-]+$/],
  ['address', /^(?:service|network|volume|secret|config|image|stage)\/[\w*?.-]+$/],
  [
    'address',
    /^(?:module\.[\w*?-]+(?:\[[^\]\s]{1,60}\])?\.)*(?:data\.)?[a-z][a-z0-9*?]*_[a-z0-9_*?]+\.[\w*?-]+(?:\[[^\]\s]{1,60}\])?$/,
  ],
  ['address', /^(?:module|var|local|output|provider|backend|required_provider)\.[\w*?-]+(?:\.[\w*?-]+)?$/],
];

const LONGEST = 300;

/** What a word or phrase mentions, or undefined when it does not look like the name of a real thing. */
export function classifyReference(text: string): ResourceRef['kind'] | undefined {
  const word = text.trim();
  if (word.length < 3 || word.length > LONGEST) return undefined;
  return SHAPES.find(([, shape]) => shape.test(word))?.[0];
}

/** Mentions in the order given, each value once; an explicit one wins over the same value found otherwise. */
export function uniqueRefs(refs: readonly ResourceRef[]): readonly ResourceRef[] {
  const byValue = new Map<string, ResourceRef>();
  for (const ref of refs) {
    const known = byValue.get(ref.value);
    if (!known || (known.from !== 'explicit' && ref.from === 'explicit')) byValue.set(ref.value, ref);
  }
  return [...byValue.values()];
}

/** The mention that a whole name, id or tag is, if it is one. */
export function refOf(text: string | undefined, from: ResourceRef['from']): readonly ResourceRef[] {
  const kind = text === undefined ? undefined : classifyReference(text);
  return kind === undefined || text === undefined ? [] : [{ kind, value: text.trim(), from }];
}

const MOST_MENTIONS = 200;

/** Mentions in running text: code spans that look like one, and ARNs wherever they stand. */
export function mentionsIn(text: string): readonly ResourceRef[] {
  const found: ResourceRef[] = [];
  for (const match of text.matchAll(/`([^`\n]{1,300})`/g)) {
    found.push(...refOf(match[1], 'text'));
    if (found.length >= MOST_MENTIONS) return found;
  }
  for (const match of text.matchAll(/(?<![\w`])arn:[a-z0-9-]{1,20}:[^\s`"'<>,;|)\]]{1,280}/g)) {
    found.push({ kind: 'arn', value: match[0].replace(/[.:]+$/, ''), from: 'text' });
    if (found.length >= MOST_MENTIONS) return found;
  }
  return found;
}
