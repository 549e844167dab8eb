import type { Answer } from '../model/approval.ts';
import type { AskedQuestion } from '../model/question.ts';

type Place = Pick<AskedQuestion, 'id' | 'scope' | 'address'>;

/** Everything that was answered, by question and component, oldest first. */
export type AnswerIndex = (asked: Place) => readonly Answer[];

export function indexAnswers(answers: readonly Answer[] | undefined): AnswerIndex {
  const byPlace = Map.groupBy(answers ?? [], (a) => keyOf(a.question, a.scope, a.address));
  return (asked) => byPlace.get(keyOf(asked.id, asked.scope, asked.address)) ?? [];
}

const keyOf = (id: string, scope: string, address: string): string => JSON.stringify([id, scope, address]);

/** Whether the last word on a question is an answer: a tick taken away is none, and an acceptance that ran out is none any more. */
export function isAnswered(answers: readonly Answer[], at?: string): boolean {
  const last = answers.at(-1);
  if (!last || last.kind === 'open') return false;
  return last.expires === undefined || at === undefined || last.expires > at;
}
