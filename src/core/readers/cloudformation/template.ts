import { LIMITS } from '../../limits.ts';
import type { SourceFile } from '../../model/change.ts';
import type { Reference, Resource } from '../../model/resource.ts';
import type { Entry, Value } from '../../model/value.ts';
import { evaluate, expandShortTag, type TemplateContext } from '../../syntax/cloudformation-intrinsics.ts';
import { doubtsOf } from '../../syntax/doubts.ts';
import { parseJson } from '../../syntax/json.ts';
import { blockSpan, indexLines } from '../../syntax/lines.ts';
import type { SyntaxProblem } from '../../syntax/problem.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { entries, entry, get, items, map, resolve, scalar, text, texts } from '../../values/value.ts';
import type { Reading } from '../reader.ts';

/** A resource before its references are turned into addresses. */
type Draft = Omit<Resource, 'references'>;

/** Reads one template; what is not a template gives no resources. */
export function readTemplate(file: SourceFile): Reading {
  const json = /^\uFEFF?\s{0,1000}\{/.test(file.text);
  const { value, errors } = json ? parseJson(file.text) : parseYamlTemplate(file.text);
  const problems: SyntaxProblem[] = [...errors];
  const drafts = value ? readSections(file, value, contextOf(value, problems)) : [];
  const addresses = addressBook(drafts);
  const resources = drafts.map((draft) => ({ ...draft, references: referencesOf(draft, addresses) }));
  return { resources, doubts: doubtsOf(file.path, json ? 'JSON' : 'YAML', problems) };
}

function parseYamlTemplate(source: string): {
  readonly value?: Value;
  readonly errors: readonly SyntaxProblem[];
} {
  const { documents, errors } = parseYaml(source, { tag: expandShortTag });
  const value = documents.find((d) => d.value && get(d.value, 'Resources'))?.value ?? documents[0]?.value;
  return value ? { value, errors } : { errors };
}

function contextOf(template: Value, problems: SyntaxProblem[]): TemplateContext {
  const known = entries(get(template, 'Parameters')).flatMap(({ key, value }): [string, Value][] => {
    const type = text(get(value, 'Type')) ?? 'String';
    const written = get(value, 'Default');
    // The default of an SSM parameter is the name under which the value is kept, not the value.
    if (!written || type.startsWith('AWS::SSM::')) return [];
    return [[key, /^List<|^CommaDelimitedList$/.test(type) ? splitList(written) : written]];
  });
  return {
    parameters: new Map(known),
    mappings: get(template, 'Mappings'),
    problems,
    budget: 4 * LIMITS.fileChars,
  };
}

function splitList(written: Value): Value {
  const parts = text(written)?.split(',') ?? [];
  return { kind: 'list', items: parts.map((part) => scalar(part.trim(), written.line)), line: written.line };
}

/** Sections that are maps of named things, other than `Resources`: each thing becomes a resource of its own. */
const SECTIONS = [
  { section: 'Parameters', type: 'parameter' },
  { section: 'Mappings', type: 'mapping' },
  { section: 'Conditions', type: 'condition' },
  { section: 'Outputs', type: 'output' },
  // A change of a SAM default is one written change at one place, whatever number of functions it is applied to;
  // so it is a resource that the functions refer to, and is not copied into each of them.
  { section: 'Globals', type: 'globals' },
] as const;

function readSections(file: SourceFile, template: Value, context: TemplateContext): readonly Draft[] {
  const index = indexLines(file.text);
  const drafts: Draft[] = [];
  const add = (at: Entry, type: string, address: string, values: Value) => {
    const span = blockSpan(index, at.line, at.value);
    if (drafts.length < LIMITS.resources)
      drafts.push({
        stack: 'cloudformation',
        scope: file.path,
        file: file.path,
        type,
        address,
        name: at.key,
        span,
        values,
      });
    else if (drafts.length === LIMITS.resources && context.budget >= 0) {
      context.budget = -1;
      context.problems.push({
        message: `More than ${LIMITS.resources} resources`,
        line: at.line,
        column: 1,
        limit: true,
      });
    }
  };
  for (const { section, type } of SECTIONS)
    for (const at of entries(get(template, section))) {
      const value = evaluate(at.value, context);
      const values = value.kind === 'map' ? value : map([entry('value', value, at.line)], at.line);
      add(at, type, `${section}.${at.key}`, values);
    }
  for (const at of resourceEntries(get(template, 'Resources'))) {
    const type = text(get(at.value, 'Type'));
    if (type !== undefined) add(at, type, `${type} ${at.key}`, resourceValues(at, context));
  }
  return drafts;
}

/** Entries of `Resources`; a `Fn::ForEach` stands for its template, as how often it is repeated changes no meaning. */
function resourceEntries(resources: Value | undefined): readonly Entry[] {
  return entries(resources).flatMap((at) =>
    at.key.startsWith('Fn::ForEach') ? entries(items(at.value)[2]) : [at],
  );
}

/** The properties as they are, and everything else about the resource under `$`. */
function resourceValues(at: Entry, context: TemplateContext): Value {
  const written = entries(at.value).filter((e) => e.key !== 'Type');
  const properties = resolve(evaluate(get(at.value, 'Properties') ?? map([], at.line), context));
  const own = written
    .filter((e) => e.key !== 'Properties')
    .map((e) => entry(`$${e.key}`, evaluate(e.value, context), e.line));
  return map([...entries(properties), ...own], at.line);
}

/** Logical name → address. */
function addressBook(drafts: readonly Draft[]): ReadonlyMap<string, string> {
  const book = new Map<string, string>();
  for (const { address, name, type } of drafts) {
    book.set(address, address);
    // Only parameters and resources are mentioned by bare name.
    if (type === 'parameter' || type.includes('::')) book.set(name, address);
  }
  return book;
}

function referencesOf(draft: Draft, addresses: ReadonlyMap<string, string>): readonly Reference[] {
  const found = new Map<string, Reference>();
  const add = (name: string, path: string) => {
    if (name.startsWith('AWS::')) return;
    const to = addresses.get(name) ?? name;
    if (to !== draft.address) found.set(`${to}\n${path}`, { to, path });
  };
  collect(draft.values, '', add);
  for (const name of texts(get(draft.values, '$DependsOn'))) add(name, '$DependsOn');
  const condition = text(get(draft.values, '$Condition'));
  if (condition !== undefined) add(`Conditions.${condition}`, '$Condition');
  const globals = draft.type.startsWith('AWS::Serverless::') ? `Globals.${draft.type.slice(17)}` : '';
  if (addresses.has(globals)) add(globals, '$Globals');
  return [...found.values()];
}

function collect(value: Value, path: string, add: (name: string, path: string) => void): void {
  switch (value.kind) {
    case 'scalar':
      return;
    case 'expression':
      for (const name of value.references) add(name, path);
      return;
    case 'list':
      for (const item of value.items) collect(item, path, add);
      return;
    case 'map':
      for (const e of value.entries) collect(e.value, path ? `${path}.${e.key}` : e.key, add);
  }
}
