import type { SourceFile } from '../model/change.ts';
import type { Doubt } from '../model/doubt.ts';
import type { ModelDiagnostic, ThreatModel } from '../model/threat-model.ts';
import { parseJson } from '../syntax/json.ts';
import { parseYaml } from '../syntax/yaml.ts';
import type { Format } from './format.ts';
import { formats } from './index.generated.ts';
import { fromProblems, isPlaced } from './reading/diagnostics.ts';

export interface ModelReading {
  /** In order of their paths. */
  readonly models: readonly ThreatModel[];
  /** What could not be read: the model as a whole is then not known, whatever part of it is in `models`. */
  readonly doubts: readonly Doubt[];
  /** Files that are no threat model: process documents, empty shells, other people's JSON. Sorted. */
  readonly notModels: readonly string[];
}

const ORDERED: readonly Format[] = [...formats].sort(
  (a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1),
);

/** Files at places of threat models → models. Each file goes to the first format (by priority) that recognises it. */
export function readModels(files: readonly SourceFile[]): ModelReading {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const models: ThreatModel[] = [];
  const doubts: Doubt[] = [];
  const unknown: SourceFile[] = [];
  for (const file of sorted) {
    const format = ORDERED.find((one) => one.recognises(file));
    if (!format) {
      unknown.push(file);
      continue;
    }
    models.push(
      format.read(
        file,
        sorted.filter((other) => other !== file && isBeside(other.path, file.path)),
      ),
    );
  }
  const covers = new Map(models.map((model) => [model, new Set(contributors(model))]));
  const isPart = (model: ThreatModel): boolean =>
    models.some((main) => {
      const inside = main !== model && covers.get(main)?.has(model.file) === true;
      return inside && !(covers.get(model)?.has(main.file) === true && precedes(model, main));
    });
  const own = models.filter((model) => !isPart(model));
  const included = new Set(
    own.flatMap((model) => [...(covers.get(model) ?? [])].filter((path) => path !== model.file)),
  );
  const real = own.filter((model) => !isEmpty(model));
  for (const model of own) doubts.push(...doubtsOf(model.diagnostics));
  for (const file of unknown) if (!included.has(file.path)) doubts.push(...doubtsOf(brokenSyntax(file)));
  const hollow = own
    .filter((model) => isEmpty(model) && !model.diagnostics.some((one) => one.level === 'error'))
    .map((model) => model.file);
  const doubted = new Set(doubts.map((doubt) => doubt.file));
  const strangers = unknown
    .map((file) => file.path)
    .filter((path) => !included.has(path) && !doubted.has(path));
  return { models: real, doubts, notModels: [...hollow, ...strangers].sort() };
}

/** In the same folder or below it: as far as formats that include files may look. */
function isBeside(path: string, main: string): boolean {
  return path.startsWith(main.slice(0, main.lastIndexOf('/') + 1));
}

/** Of two files that include each other the complete one is the model; of two complete ones the first by path. */
function precedes(model: ThreatModel, other: ThreatModel): boolean {
  const complete = (one: ThreatModel): boolean => one.formatVersion !== undefined;
  return complete(model) === complete(other) ? model.file < other.file : complete(model);
}

/** Files whose elements are in the model. */
function contributors(model: ThreatModel): readonly string[] {
  const parts = [
    model.components,
    model.flows,
    model.boundaries,
    model.dataAssets,
    model.vendors,
    model.threats,
  ];
  return [
    ...parts.flatMap((nodes) => nodes.map((node) => node.location.file)),
    ...model.diagnostics.map((one) => one.location.file),
  ];
}

function isEmpty(model: ThreatModel): boolean {
  const parts = [
    model.components,
    model.flows,
    model.boundaries,
    model.dataAssets,
    model.vendors,
    model.threats,
    model.assumptions,
  ];
  return parts.every((nodes) => nodes.length === 0);
}

/** A file that nobody recognises because it breaks off or is mangled may have been a model; only sound ones are not. */
function brokenSyntax(file: SourceFile): readonly ModelDiagnostic[] {
  if (file.text.trim() === '') return [];
  if (/\.json$/i.test(file.path)) return fromProblems(file.path, parseJson(file.text).errors);
  return /\.ya?ml$/i.test(file.path) ? fromProblems(file.path, parseYaml(file.text).errors) : [];
}

const REMEDIES: Readonly<Record<string, string>> = {
  'include-missing': 'Commit the included file beside the model, or remove it from `includes`.',
  'model-too-large': 'Split the model into several files.',
};

/** One doubt for each file: its first error tells where to begin. */
function doubtsOf(diagnostics: readonly ModelDiagnostic[]): readonly Doubt[] {
  const errors = diagnostics.filter((one) => one.level === 'error');
  const first = new Map<string, ModelDiagnostic>();
  for (const error of errors) if (!first.has(error.location.file)) first.set(error.location.file, error);
  return [...first.values()].map((error) => {
    const more = errors.filter((one) => one.location.file === error.location.file).length - 1;
    const count = more > 0 ? `, and ${more} more ${more === 1 ? 'problem' : 'problems'}` : '';
    return {
      code: 'model-unreadable',
      message: `The threat model \`${error.location.file}\` could not be read wholly: ${error.message.replace(/\.$/, '')} (line ${error.location.line})${count}.`,
      remedy:
        REMEDIES[error.code] ??
        'Correct the file at this line; the tool that wrote it can check it by opening it.',
      file: error.location.file,
      line: error.location.line,
      ...(isPlaced(error) ? { column: error.column } : {}),
      weight: 'doubt',
    };
  });
}
