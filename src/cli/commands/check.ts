import type { Command } from '../command.ts';

export const command: Command = {
  name: 'check',
  summary: 'Judge a change: what it touches, and whether the threat model follows.',
  usage: '[options]',
  about: [
    'Compares HEAD (or --head, or the working tree) with the point where it left the default branch (or --base),',
    'and gives the verdict that the pull request would get. Reads the local repository only; nothing is sent anywhere.',
    '',
    '  threatgate check                     the commits of this branch',
    '  threatgate check --worktree          what is on disk, before it is committed',
    '  threatgate check --format sarif --output threatgate.sarif',
  ],
  options: {
    repo: { type: 'string', value: 'DIR', about: 'Repository to look at. Default: the current folder.' },
    base: { type: 'string', value: 'REV', about: 'Where the change goes. Default: the default branch.' },
    head: { type: 'string', value: 'REV', about: 'The change. Default: HEAD.' },
    worktree: { type: 'boolean', about: 'Take the files on disk as the change, committed or not.' },
    policy: {
      type: 'string',
      value: 'FILE',
      about: 'Policy to apply instead of the one on the default branch.',
    },
    enforce: { type: 'boolean', about: 'Block as mode `enforce` does, whatever the policy says.' },
    format: {
      type: 'string',
      value: 'FORMAT',
      about: 'terminal, json, sarif or markdown. Default: terminal.',
    },
    output: { type: 'string', value: 'FILE', about: 'Write to a file instead of the standard output.' },
    approvals: { type: 'string', value: 'FILE', about: 'Approvals known so far, as JSON.' },
    at: { type: 'string', value: 'INSTANT', about: 'Judge as of this instant (ISO 8601). Default: now.' },
    verbose: { type: 'boolean', about: 'Also show every file examined and facts that decide nothing.' },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 0,
  run: async (args, io) => (await import('../check/check.ts')).check(args, io),
};
