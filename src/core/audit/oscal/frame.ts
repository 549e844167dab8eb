import type { FrameworkEntry } from '../frameworks.ts';
import type { Assessed, Identify } from './assessed.ts';
import { line, props, prose, stamp, token, type JsonObject } from './wording.ts';

/** The version of NIST's schemas that these documents follow. */
export const OSCAL_VERSION = '1.2.1';

export const PLAN = 'oscal-assessment-plan.json';
export const RESULTS = 'oscal-assessment-results.json';
export const POAM = 'oscal-poam.json';

const MEANING =
  'Evidence for how changes were handled, made from an audit trail. Ids of controls are ours, made of the name of the framework and of the control, and titles are in our words. Whether a control holds is for the assessor to say.';

export function metadata(title: string, { at, version }: Assessed, id: Identify): JsonObject {
  return {
    title,
    'last-modified': stamp(at, at),
    // Another package is another document, and the same package the same one.
    version: id('version'),
    'oscal-version': OSCAL_VERSION,
    ...props({ 'tool-version': version }),
    remarks: MEANING,
  };
}

/** Who observed: a program, and no person. */
export const originOf = (id: Identify): JsonObject => ({
  actors: [{ type: 'tool', 'actor-uuid': id('component', 'tool') }],
});
export const origins = (id: Identify): readonly JsonObject[] => [originOf(id)];

export const component = ({ version }: Assessed, id: Identify): JsonObject => ({
  uuid: id('component', 'tool'),
  type: 'software',
  title: 'Threatgate',
  description: 'Judges every pull request by written rules, and keeps what happened in a chain of records.',
  ...props({ version }),
  status: { state: 'operational' },
});

export const assets = (assessed: Assessed, id: Identify): JsonObject => ({
  components: [component(assessed, id)],
  'assessment-platforms': [
    {
      uuid: id('platform'),
      title: 'Threatgate',
      'uses-components': [{ 'component-uuid': id('component', 'tool') }],
    },
  ],
});

/** `soc-2-tsc_cc8.1`: no catalogue of the publishers gives these ids. */
export const controlId = ({ framework, control }: Pick<FrameworkEntry, 'framework' | 'control'>): string =>
  `${token(framework)}_${token(`c${control}`).slice(1)}`;

export function reviewedControls({ controls }: Assessed): JsonObject {
  const frameworks = [...Map.groupBy(controls, ({ framework, version }) => `${framework}, ${version}`)];
  return {
    description: 'Controls that this package holds evidence for.',
    'control-selections': frameworks.map(([framework, entries]) => ({
      description: prose(framework),
      'include-controls': [...new Set(entries.map(controlId))].map((control) => ({ 'control-id': control })),
    })),
  };
}

/** Files of the package, told by their digests. */
export function backMatter({ files }: Assessed, id: Identify, more: readonly JsonObject[] = []): JsonObject {
  return {
    resources: [
      ...files.map(({ name, sha256 }) => ({
        uuid: id('resource', name),
        title: line(name),
        rlinks: [{ href: name, hashes: [{ algorithm: 'SHA-256', value: sha256 }] }],
      })),
      ...more,
    ],
  };
}

/** Points to a file of the package; nothing when the package has none of this name. */
export function evidenceIn(
  { files }: Assessed,
  id: Identify,
  name: string,
  description: string,
): readonly JsonObject[] {
  return files.some((file) => file.name === name) ? [{ href: `#${id('resource', name)}`, description }] : [];
}
