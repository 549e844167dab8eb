import { normaliseName } from '../reading/text.ts';
import type { Assembled } from './assemble.ts';
import type { Section } from './outline.ts';
import { stripNumbering } from './vocabulary.ts';

/** Headings of documents that tell how to make a threat model. */
const PROCESS =
  /^(?:how|when|why|who|what) (?:to|do|does|we|is|are|should)\b|\b(?:process|guide|guidelines|workflow|checklist|template|training|cheat ?sheet|getting started|playbook|cadence|facilitat\w*|best practices|further reading|resources|tooling)\b|^(?:step|phase) \d/;

/** Whether a document speaks about threat modelling rather than about a system. */
export function isProcessDocument(root: Section, parts: Assembled): boolean {
  const headings = flatten(root)
    .filter((section) => section.depth > 0 && section.depth <= 3)
    .map((section) => normaliseName(stripNumbering(section.title)));
  const process = headings.filter((heading) => PROCESS.test(heading)).length;
  if (process < 2 || process * 3 < headings.length) return false;
  // A real model tells where its threats stand or which part they hit, even when it explains itself at length.
  return !parts.threats.some((threat) => threat.status.state !== 'unset' || threat.targets.length > 0);
}

function flatten(section: Section): readonly Section[] {
  return [section, ...section.children.flatMap(flatten)];
}
