import { indexAnswers, isAnswered } from '../approval/answers.ts';
import type { Approvals } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';
import type { AskedQuestion } from '../model/question.ts';
import type { Judgement } from '../model/verdict.ts';
import { count, judge } from './judgement.ts';

const TITLE = 'The STRIDE questions for what changed';

/** Questions named in the reason; the comments and the summary have all of them. */
const NAMED = 6;

/** The checklist: shown and counted, or where the policy asks for answers, waited for. */
export function judgeQuestions(
  questions: readonly AskedQuestion[],
  approvals: Approvals,
  policy: Policy,
  at: string,
): Judgement {
  if (questions.length === 0) return judge('questions', TITLE, 'not-applicable', 'No question fits.');
  const because = [...new Set(questions.flatMap((q) => q.because))].sort();
  const open = openQuestions(questions, approvals, at);
  if (policy.questions.answers === 'optional') {
    const answered = questions.length - open.length;
    const said = answered > 0 ? ` ${answered} of them answered.` : '';
    return judge(
      'questions',
      TITLE,
      'info',
      `${count(questions.length, 'question')} to think through.${said}`,
      {
        because,
      },
    );
  }
  if (open.length === 0)
    return judge(
      'questions',
      TITLE,
      'pass',
      questions.length === 1
        ? 'The question is answered.'
        : `All ${questions.length} questions are answered.`,
      { because },
    );
  const named = open.slice(0, NAMED).map((q) => `${q.id} about \`${q.address}\``);
  const more = open.length - named.length;
  return judge(
    'questions',
    TITLE,
    'pending',
    `${count(open.length, 'question')} of ${questions.length} ${open.length === 1 ? 'is' : 'are'} open: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    {
      remedy:
        'Tick a question that was thought through, or reply to its comment with `control: …`, `ticket: …`, `n/a: …` or `accept: …`.',
      because,
    },
  );
}

export function openQuestions(
  questions: readonly AskedQuestion[],
  approvals: Approvals,
  at: string,
): readonly AskedQuestion[] {
  const answersTo = indexAnswers(approvals.answers);
  return questions.filter((q) => !isAnswered(answersTo(q), at));
}
