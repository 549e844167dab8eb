import { UserError } from '../../review/errors.ts';
import type { Arguments, Command } from '../command.ts';

export const command: Command = {
  name: 'serve',
  summary: 'Run the GitHub App: receive webhooks, judge pull requests, keep the audit trail.',
  usage: '[options]',
  about: [
    'Runs until it is told to stop (SIGTERM or Ctrl-C). Settings come from the environment: APP_ID, PRIVATE_KEY and',
    'WEBHOOK_SECRET are needed; docs/guides/admin.md has all of them.',
    '',
    '  threatgate serve --setup                  register the App at GitHub, in the browser',
    '  threatgate serve --env threatgate.env     run it with the settings that were written then',
  ],
  options: {
    host: { type: 'string', value: 'ADDRESS', about: 'Address to listen on. Default: HOST, or 127.0.0.1.' },
    port: {
      type: 'string',
      value: 'PORT',
      about: 'Port to listen on; 0 for a free one. Default: PORT, or 3000.',
    },
    env: {
      type: 'string',
      value: 'FILE',
      about: 'Settings, a line each as NAME=value; the environment wins. --setup writes it.',
    },
    setup: { type: 'boolean', about: 'Register the App and write its settings, instead of serving.' },
  },
  positionals: 0,
  run: async (args, io) => {
    const { serve } = await import('../../app/serve.ts').catch(explainMissing);
    return serve(
      {
        ...text(args, 'host'),
        ...text(args, 'port'),
        ...text(args, 'env'),
        setup: args.values['setup'] === true,
      },
      { out: io.out, err: io.err, cwd: io.cwd, env: process.env },
    );
  },
};

/** The other commands run from the bundle alone, so that it may lie somewhere without its packages. */
function explainMissing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new UserError(
    'The packages that the service needs are not installed beside this file.',
    'Install threatgate with npm, or use its container image.',
    { cause },
  );
}

function text<K extends string>({ values }: Arguments, name: K): { readonly [P in K]?: string } {
  const value = values[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [P in K]?: string };
}
