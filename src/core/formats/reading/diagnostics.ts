import type { ModelDiagnostic } from '../../model/threat-model.ts';
import type { SyntaxProblem } from '../../syntax/problem.ts';

/** A diagnostic that knows its column. */
export interface PlacedDiagnostic extends ModelDiagnostic {
  readonly column: number;
}

export function isPlaced(diagnostic: ModelDiagnostic): diagnostic is PlacedDiagnostic {
  return 'column' in diagnostic;
}

/** What a parser could not read makes the model unreadable as a whole: nobody knows what stood there. */
export function fromProblems(file: string, problems: readonly SyntaxProblem[]): readonly PlacedDiagnostic[] {
  return problems.map((problem) => ({
    level: 'error',
    code: problem.limit ? 'model-too-large' : 'model-syntax',
    message: problem.message,
    location: { file, line: problem.line },
    column: problem.column,
  }));
}

export function diagnose(
  level: ModelDiagnostic['level'],
  code: string,
  message: string,
  file: string,
  line: number,
): ModelDiagnostic {
  return { level, code, message, location: { file, line } };
}
