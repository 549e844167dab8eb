import type { SourceFile } from '../model/change.ts';
import type { Doubt } from '../model/doubt.ts';
import { doubtsOf } from './doubts.ts';
import { indexLines, positionAt } from './lines.ts';
import { maskTemplates } from './templates.ts';
import { parseYaml, type YamlDocument } from './yaml.ts';

export interface YamlSource {
  readonly documents: readonly YamlDocument[];
  readonly doubts: readonly Doubt[];
  /** Whether it is YAML only once its template actions are masked. */
  readonly template: boolean;
}

/** A file is asked for by those that recognise it and by the one that reads it. */
const read = new WeakMap<SourceFile, YamlSource>();

/**
 * Reads a YAML file that may be a template for something else to fill in. What is YAML as it stands is read as it
 * stands; otherwise template actions are masked and the file carries a note that it was not rendered.
 */
export function readYamlSource(file: SourceFile): YamlSource {
  const known = read.get(file);
  if (known) return known;
  const source = readAsItIs(file) ?? readTemplate(file);
  read.set(file, source);
  return source;
}

function readAsItIs(file: SourceFile): YamlSource | undefined {
  const { documents, errors, braced } = parseYaml(file.text);
  const template = (errors.length > 0 || braced) && maskTemplates(file.text).masked;
  return template ? undefined : { documents, doubts: doubtsOf(file.path, 'YAML', errors), template };
}

function readTemplate(file: SourceFile): YamlSource {
  const { documents, errors } = parseYaml(file.text, { templates: true });
  const first = maskTemplates(file.text).ranges[0]?.[0] ?? 0;
  const note: Doubt = {
    code: 'template-not-rendered',
    message: `${file.path} is a template; it was read with its placeholders, not rendered.`,
    remedy: 'Where a placeholder decides about access or exposure, review what it is filled with.',
    file: file.path,
    ...positionAt(indexLines(file.text), first),
    weight: 'note',
  };
  return { documents, doubts: [...doubtsOf(file.path, 'YAML', errors), note], template: true };
}
