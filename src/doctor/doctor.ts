import { explained, githubOf, type Environment } from '../github/environment.ts';
import { examine } from './examine.ts';
import { gather, type Question } from './gather.ts';
import type { Diagnosis } from './render.ts';

/** Reads how the gate of a repository is set up on GitHub, now, and judges it. Writes nothing anywhere. */
export async function diagnose(question: Question, env: Environment): Promise<Diagnosis> {
  const github = githubOf(env, question.now, 'metadata, contents, pull requests and checks');
  try {
    const setting = await gather(github, question);
    return {
      repository: setting.repository.name,
      branch: setting.branch,
      at: question.now,
      findings: examine(setting),
    };
  } catch (error) {
    throw explained(error);
  }
}
