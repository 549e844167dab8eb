import { ROWS, type Row } from './framework-rows.ts';

/** How well our evidence speaks to a control. It never settles one: auditors test what the entity does. */
export type Fit = 'strong' | 'supporting' | 'weak';

/** Whether we read the framework's text, saw it in pages about it only, or saw the id without being sure of it. */
export type Checked = 'read' | 'secondary' | 'unverified';

/** One control of one framework, and which of our evidence speaks to it. */
export interface FrameworkEntry {
  readonly framework: string;
  readonly version: string;
  readonly control: string;
  /** Our own words. The texts of frameworks are their publishers'. */
  readonly title: string;
  readonly fit: Fit;
  /** Ids of `EVIDENCE`. */
  readonly evidence: readonly string[];
  readonly checked: Checked;
}

/** SOC 2 first, and of it the controls that speak of changes first. */
export const FRAMEWORKS: readonly FrameworkEntry[] = ROWS.flatMap(({ framework, version, controls }) =>
  controls.map((row) => entryOf(framework, version, row)),
);

function entryOf(framework: string, version: string, row: Row): FrameworkEntry {
  const [control, title, fit, evidence, checked] = row;
  return { framework, version, control, title, fit, evidence: evidence.split(' '), checked };
}
