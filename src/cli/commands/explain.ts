import type { Command } from '../command.ts';

export const command: Command = {
  name: 'explain',
  summary: 'Tell what a rule, a question or a doubt means, why it matters and what to do.',
  usage: '[ID]',
  about: [
    'Without an ID it lists all there are.',
    '',
    '  threatgate explain exposure/widened',
    '  threatgate explain TM002',
    '  threatgate explain OBJ-I1',
  ],
  options: {},
  positionals: 1,
  run: async (args, io) => (await import('../explain/explain.ts')).explain(args, io),
};
