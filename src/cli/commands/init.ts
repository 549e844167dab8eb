import type { Command } from '../command.ts';

export const command: Command = {
  name: 'init',
  summary: 'Write a policy and, where there is none, a starter threat model of what is there.',
  usage: '[options]',
  about: [
    'Looks at the repository with the same readers as `check`, writes .github/threatgate.yml and, when no threat model',
    'is found, docs/threat-model.md with the components, flows and boundaries it saw. What it cannot know, it asks.',
  ],
  options: {
    repo: { type: 'string', value: 'DIR', about: 'Repository to look at. Default: the current folder.' },
    'dry-run': { type: 'boolean', about: 'Print what would be written, and write nothing.' },
    force: { type: 'boolean', about: 'Overwrite files that are there.' },
  },
  positionals: 0,
  run: async (args, io) => (await import('../init/init.ts')).init(args, io),
};
