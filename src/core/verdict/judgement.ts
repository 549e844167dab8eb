import type { Judgement, JudgementState } from '../model/verdict.ts';

/** Worst first: what a parent takes from its children. */
const ORDER: readonly JudgementState[] = ['doubt', 'fail', 'pending', 'pass', 'info', 'not-applicable'];

export function worst(children: readonly Judgement[]): JudgementState {
  return ORDER.find((state) => children.some((c) => c.state === state)) ?? 'not-applicable';
}

export function judge(
  id: string,
  title: string,
  state: JudgementState,
  reason: string,
  rest: Partial<Pick<Judgement, 'remedy' | 'because' | 'at' | 'children'>> = {},
): Judgement {
  return {
    id,
    title,
    state,
    reason,
    ...(rest.remedy ? { remedy: rest.remedy } : {}),
    because: rest.because ?? [],
    ...(rest.at ? { at: rest.at } : {}),
    children: rest.children ?? [],
  };
}

/** `1 file`, `2 files`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
