import type { Question, QuestionFamily } from '../model/question.ts';
import { FAMILIES, QUESTIONS } from './catalogue.generated.ts';

const BY_ID: ReadonlyMap<string, Question> = new Map(QUESTIONS.map((q) => [q.id, q]));
const BY_FAMILY: ReadonlyMap<string, readonly Question[]> = Map.groupBy(QUESTIONS, (q) => q.family);
const FAMILY_BY_ID: ReadonlyMap<string, QuestionFamily> = new Map(FAMILIES.map((f) => [f.id, f]));

export function questionById(id: string): Question | undefined {
  return BY_ID.get(id);
}

/** Questions of a family in the order of their ids; none for a family that the catalogue does not have. */
export function questionsOf(family: string): readonly Question[] {
  return BY_FAMILY.get(family) ?? [];
}

export function familyById(id: string): QuestionFamily | undefined {
  return FAMILY_BY_ID.get(id);
}
