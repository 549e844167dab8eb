import type { SourceFile } from '../model/change.ts';
import type { Capabilities, ModelDiagnostic, ThreatModel } from '../model/threat-model.ts';
import { parseMarkdown, type MarkdownReading } from '../syntax/markdown.ts';
import type { Format } from './format.ts';
import { assemble, type Assembled } from './markdown/assemble.ts';
import { collect } from './markdown/collect.ts';
import { MOST_DRAFTS } from './markdown/drafts.ts';
import { readMetadata } from './markdown/metadata.ts';
import { outline, type Section } from './markdown/outline.ts';
import { isProcessDocument } from './markdown/process-document.ts';
import { diagnose, fromProblems } from './reading/diagnostics.ts';

/** Everything in Markdown is a convention of writing; nothing has a field of its own. */
const capabilities: Capabilities = {
  components: 'extension',
  flows: 'extension',
  boundaries: 'extension',
  threats: 'extension',
  stride: 'extension',
  severity: 'extension',
  status: 'extension',
  mitigation: 'extension',
  owner: 'extension',
  ticket: 'extension',
  resourceRef: 'extension',
};

export const format: Format = {
  id: 'markdown',
  title: 'Markdown document',
  about:
    'Tables and headings of threats (one row or heading per threat, per STRIDE category or per component, STRIDE matrices), tables and lists of components, data flows, trust boundaries, vendors, assets and assumptions, and Mermaid diagrams.',
  paths: [
    '**/*threat?(-|_| )model*.@(md|mdx|markdown)',
    '**/*threatmodel*.@(md|mdx|markdown)',
    '**/@(*stride*|*linddun*).@(md|mdx|markdown)',
    '**/threat?(-|_| )@(model|models|modeling|modelling)/**/*.@(md|mdx|markdown)',
    '**/.threatmodel/**/*.@(md|mdx|markdown)',
    '**/threatmodels/**/*.@(md|mdx|markdown)',
    '**/security.@(md|mdx|markdown)',
  ],
  capabilities,
  priority: 10,
  recognises: (file) => isModel(file, readDocument(file)),
  read: (file) => toModel(file, readDocument(file)),
};

interface Document {
  readonly reading: MarkdownReading;
  readonly root: Section;
  readonly parts: Assembled;
  readonly crowded: boolean;
}

/** Recognising needs the whole reading, so it is done once for each file. */
const documents = new WeakMap<SourceFile, Document>();

function readDocument(file: SourceFile): Document {
  const known = documents.get(file);
  if (known) return known;
  const reading = parseMarkdown(file.text);
  const root = outline(reading.blocks);
  const drafts = collect(root);
  const crowded = drafts.elements.length > MOST_DRAFTS || drafts.threats.length > MOST_DRAFTS;
  const document = { reading, root, parts: assemble(drafts, file.path), crowded };
  documents.set(file, document);
  return document;
}

/** A policy that any repository has; only threats make it a model. */
const SECURITY_POLICY = /(?:^|\/)security\.[a-z]+$/i;

function isModel(file: SourceFile, { root, parts, reading }: Document): boolean {
  const { components, flows, boundaries, threats } = parts;
  const enough = threats.length >= 2 || (threats.length === 1 && hasTable(reading));
  if (SECURITY_POLICY.test(file.path)) return enough;
  if (isProcessDocument(root, parts)) return false;
  return enough || components.length + flows.length >= 2 || (boundaries.length > 0 && components.length > 0);
}

function hasTable(reading: MarkdownReading): boolean {
  return reading.blocks.some((block) => block.kind === 'table');
}

function toModel(file: SourceFile, document: Document): ThreatModel {
  const { reading, root, parts } = document;
  const diagnostics: readonly ModelDiagnostic[] = [
    ...fromProblems(file.path, reading.errors),
    ...(document.crowded
      ? [
          diagnose(
            'error',
            'model-too-large',
            `More than ${MOST_DRAFTS} elements or threats; the rest was left out`,
            file.path,
            1,
          ),
        ]
      : []),
  ];
  return {
    file: file.path,
    format: format.id,
    ...readMetadata(reading, root),
    ...parts,
    capabilities,
    diagnostics,
  };
}
