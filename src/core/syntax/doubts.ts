import type { Doubt } from '../model/doubt.ts';
import type { SyntaxProblem } from './problem.ts';

/** Problems of one file as doubts; `language` names what the text should have been: "YAML". */
export function doubtsOf(
  file: string,
  language: string,
  problems: readonly SyntaxProblem[],
): readonly Doubt[] {
  return problems.map((problem) => ({
    code: problem.limit ? 'parse-limit' : 'parse-error',
    message: `${file} could not be read wholly as ${language}: ${problem.message}.`,
    remedy: problem.limit
      ? 'Split the file into smaller ones, or leave it out under `ignore` in the policy.'
      : 'Correct the text at this place; what could be read around it was used.',
    file,
    line: problem.line,
    column: problem.column,
    weight: 'doubt',
  }));
}
