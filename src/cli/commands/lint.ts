import type { Command } from '../command.ts';

export const command: Command = {
  name: 'lint',
  summary: 'Read the threat models and say what is wrong with them, with file and line.',
  usage: '[FILE…] [options]',
  about: [
    'Without files it reads every threat model in the working tree. Exit code 1 when a model cannot be read or breaks a',
    'rule that the policy counts as an error.',
  ],
  options: {
    repo: { type: 'string', value: 'DIR', about: 'Repository to look at. Default: the current folder.' },
    policy: {
      type: 'string',
      value: 'FILE',
      about: 'Policy to apply instead of the one on the default branch.',
    },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 1000,
  run: async (args, io) => (await import('../lint/lint.ts')).lint(args, io),
};
