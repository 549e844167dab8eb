import type { ElementKind } from '../model/fact.ts';

/** Where in a model file something goes, and lines ready to paste there. */
export interface Snippet {
  /** Completes "In `file`, …": the place in the words of the format. */
  readonly place: string;
  /** Not escaped for any surface. */
  readonly snippet: readonly string[];
  /** Of the fenced block: `markdown`, `yaml`, `json`, `text`. */
  readonly language: string;
}

export interface Wanted {
  readonly kind: 'add' | 'name' | 'renew' | 'remove';
  readonly address: string;
  readonly element: ElementKind;
}

/** How one format says that there is such a thing. */
interface Dialect {
  readonly language: (file: string) => string;
  /** Heading, list or tool menu where an element of this kind goes. */
  readonly places: Readonly<Record<ElementKind, string>>;
  readonly lines: (wanted: Wanted, file: string) => readonly string[];
  /** The slot in which an existing element is tied to a resource. */
  readonly slot: string;
}

const KIND_WORDS: Readonly<Record<ElementKind, string>> = {
  process: 'process',
  'data-store': 'data store',
  'external-entity': 'external entity',
  'data-flow': 'data flow',
  'trust-boundary': 'trust boundary',
};

const isJson = (file: string): boolean => /\.json$/i.test(file);

const MARKDOWN: Dialect = {
  language: () => 'markdown',
  places: {
    process: 'under the heading “Components”',
    'data-store': 'under the heading “Components”',
    'external-entity': 'under the heading “External dependencies”',
    'data-flow': 'under the heading “Data flows”',
    'trust-boundary': 'under the heading “Trust boundaries”',
  },
  lines: ({ address, element }) => [
    `- **${nameOf(address)}** (${KIND_WORDS[element]}): <what it does, which data it holds, who may reach it>`,
    `  Resource: ${address}`,
  ],
  slot: 'in the list item, table cell or section of the component, flow or threat it concerns',
};

const DRAGON_SHAPES: Readonly<Record<ElementKind, string>> = {
  process: 'a Process',
  'data-store': 'a Store',
  'external-entity': 'an Actor',
  'data-flow': 'a Data Flow between the two ends',
  'trust-boundary': 'a Trust Boundary around it',
};

const mapped = <T>(
  words: Readonly<Record<ElementKind, string>>,
  to: (word: string) => T,
): Record<ElementKind, T> => ({
  process: to(words.process),
  'data-store': to(words['data-store']),
  'external-entity': to(words['external-entity']),
  'data-flow': to(words['data-flow']),
  'trust-boundary': to(words['trust-boundary']),
});

const THREAT_DRAGON: Dialect = {
  language: () => 'text',
  places: mapped(
    DRAGON_SHAPES,
    (shape) => `in a diagram: draw ${shape} and put this line into its Description`,
  ),
  lines: ({ address }) => [`Resource: ${address}`],
  slot: 'in the Description of the element, or in the description of its threat',
};

const THREAGILE: Dialect = {
  language: () => 'yaml',
  places: {
    process: 'under `technical_assets`',
    'data-store': 'under `technical_assets`',
    'external-entity': 'under `technical_assets`',
    'data-flow': 'under `communication_links` of the asset it starts from',
    'trust-boundary': 'under `trust_boundaries`',
  },
  lines: ({ address, element }) => [
    `${JSON.stringify(nameOf(address))}:`,
    ...(element === 'data-flow' ? ['  target: <id of the other asset>'] : [`  id: ${idOf(address)}`]),
    ...(element === 'process' || element === 'data-store' || element === 'external-entity'
      ? [
          `  type: ${{ process: 'process', 'data-store': 'datastore', 'external-entity': 'external-entity' }[element]}`,
        ]
      : []),
    `  description: ${JSON.stringify(`<what it is for>. Resource: ${address}`)}`,
  ],
  slot: 'in the `description` of the asset, link or boundary it concerns',
};

const OTM_LISTS: Readonly<Record<ElementKind, string>> = {
  process: 'components',
  'data-store': 'components',
  'external-entity': 'components',
  'data-flow': 'dataflows',
  'trust-boundary': 'trustZones',
};

const OTM: Dialect = {
  language: (file) => (isJson(file) ? 'json' : 'yaml'),
  places: mapped(OTM_LISTS, (list) => `in the list \`${list}\``),
  lines: (wanted, file) => {
    const fields = otmFields(wanted);
    return isJson(file)
      ? [
          '{',
          ...fields.map(
            ([key, value], i) => `  "${key}": ${JSON.stringify(value)}${i < fields.length - 1 ? ',' : ''}`,
          ),
          '}',
        ]
      : fields.map(([key, value], i) => `${i === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}`);
  },
  slot: 'in the `description` of the component, dataflow or threat it concerns',
};

function otmFields({ address, element }: Wanted): readonly (readonly [string, string])[] {
  return [
    ['id', idOf(address)],
    ['name', nameOf(address)],
    ...(OTM_LISTS[element] === 'components' ? [['type', KIND_WORDS[element]] as const] : []),
    ['description', `<what it is for>. Resource: ${address}`],
  ];
}

/** Formats that come without an entry take the text convention, which every format reads in its descriptions. */
const ANY: Dialect = {
  language: () => 'text',
  places: mapped(KIND_WORDS, (word) => `add a ${word} and put this line into its description`),
  lines: ({ address }) => [`Resource: ${address}`],
  slot: 'in the description of the element or threat it concerns',
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  markdown: MARKDOWN,
  'threat-dragon': THREAT_DRAGON,
  'threat-dragon-v1': THREAT_DRAGON,
  'threat-dragon-v2': THREAT_DRAGON,
  threagile: THREAGILE,
  otm: OTM,
};

/** What to paste, and where, so that a model of this format covers the resource. */
export function snippetFor(format: string, file: string, wanted: Wanted): Snippet {
  const dialect = Object.hasOwn(DIALECTS, format) ? (DIALECTS[format] ?? ANY) : ANY;
  switch (wanted.kind) {
    case 'add':
      return {
        place: dialect.places[wanted.element],
        snippet: dialect.lines(wanted, file),
        language: dialect.language(file),
      };
    case 'name':
    case 'renew':
      return { place: dialect.slot, snippet: [`Resource: ${wanted.address}`], language: 'text' };
    case 'remove':
      return { place: 'take out the element, or say that it is gone', snippet: [], language: 'text' };
  }
}

/** Endings of files that are addresses themselves: the name is what stands before. */
const FILE_ENDING = /\.(?:ya?ml|json|toml|tf|bicep|[cm]?[jt]sx?|py|go|java|rb|sql|proto|graphql)$/i;

/** A name for people from an address: its last part in words, `aws_s3_bucket.user_exports` → `User exports`. */
export function nameOf(address: string): string {
  const parts = address
    .replace(FILE_ENDING, '')
    .split(/[\s./:#]+/)
    .filter((part) => part !== '' && part.toLowerCase() !== 'dockerfile');
  const last = parts.at(-1) ?? address;
  // A number alone (the second stage of an image) says nothing without what it counts.
  const words = (/^\d+$/.test(last) ? parts.slice(-2).join(' ') : last)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? 'New element' : words.slice(0, 1).toUpperCase() + words.slice(1);
}

function idOf(address: string): string {
  return nameOf(address).toLowerCase().replaceAll(' ', '-');
}
