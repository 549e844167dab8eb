import type { SourceFile } from '../model/change.ts';
import type { Capabilities, ThreatModel } from '../model/threat-model.ts';

/**
 * One threat-model format: text → ThreatModel. Pure, lenient, never throws: what cannot be read becomes a diagnostic
 * (`level: 'error'` when the model as a whole could not be read). One file per format, found through `export const format`.
 */
export interface Format {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Globs of the places teams keep it (minimatch, `dot: true`, `nocase: true`). */
  readonly paths: readonly string[];
  readonly capabilities: Capabilities;
  /** Higher is asked first. */
  readonly priority: number;
  /** Whether a file found there is one; cheap, by sniffing. Must not say yes to process documents without threats. */
  recognises(file: SourceFile): boolean;
  /** `siblings`: other texts of the same folder, for formats that include files. */
  read(file: SourceFile, siblings: readonly SourceFile[]): ThreatModel;
}
