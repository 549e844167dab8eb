import { createGitStore } from './double.ts';

/** One for all tests of a process: the second scene starts hardly any git. */
export const git = createGitStore();

process.once('exit', () => git.remove());
