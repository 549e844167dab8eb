import { Refused } from '../hosting-errors.ts';

/** A question about a person that the App may not ask has no answer, and then counts against them; the look goes on. */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
