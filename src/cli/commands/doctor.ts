import type { Question } from '../../doctor/gather.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { textsOf } from '../values.ts';

export const command: Command = {
  name: 'doctor',
  summary: 'Look at how the gate is set up on GitHub, and say what to mend.',
  usage: 'OWNER/NAME [options]',
  about: [
    'Reads the policy, the rules of a branch, who may bypass them, and whether the check was reported; as it is now.',
    'Nothing is changed. The token comes from GITHUB_TOKEN or GH_TOKEN; metadata, contents, pull requests and checks,',
    'all read, show most of it; who may bypass rules is told to administrators only. GITHUB_API_URL names another GitHub.',
    '',
    '  threatgate doctor acme/shop                          the default branch',
    '  threatgate doctor acme/shop --app-id 123456          whether it is really our App that counts',
    "  threatgate doctor acme/shop --check 'threat-model main'   where a job of a workflow is the gate",
    '',
    'Exit codes: 0 no problem, 1 problems, 2 could not be read.',
  ],
  options: {
    branch: { type: 'string', value: 'BRANCH', about: 'Branch to look at. Default: the default branch.' },
    check: {
      type: 'string',
      value: 'NAME',
      about: 'Name of the required check. Default: what looks like Threatgate’s.',
    },
    'app-id': { type: 'string', value: 'N', about: 'Number of the App that the check has to come from.' },
    json: { type: 'boolean', about: 'Write JSON instead of text.' },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 1,
  run: async (args, io) => {
    const question = questionOf(args, io);
    const { diagnose } = await import('../../doctor/doctor.ts');
    const { renderJson, renderTerminal } = await import('../../doctor/render.ts');
    const diagnosis = await diagnose(question, process.env);
    const colour = io.colour && args.values['no-color'] !== true;
    io.out(
      args.values['json'] === true
        ? renderJson(diagnosis)
        : renderTerminal(diagnosis, { columns: io.columns, colour }),
    );
    return diagnosis.findings.some((f) => f.severity === 'problem') ? EXIT.blocked : EXIT.pass;
  },
};

function questionOf(args: Arguments, io: Io): Question {
  const text = textsOf(args);
  const { positionals } = args;
  const [repository] = positionals;
  if (repository === undefined) throw new UsageError('Say which repository, as OWNER/NAME.');
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(repository))
    throw new UsageError(`${JSON.stringify(repository)} is not a repository. Write it as OWNER/NAME.`);
  const app = text('app-id');
  if (app !== undefined && !/^[1-9]\d{0,9}$/.test(app))
    throw new UsageError(
      `--app-id is the number of the App, not ${JSON.stringify(app)}. It is on the App’s page of settings.`,
    );
  const [branch, check] = [text('branch'), text('check')];
  if (branch === '' || check === '') throw new UsageError('--branch and --check want a name.');
  return {
    repository,
    branch,
    expected: { check, app: app === undefined ? undefined : Number(app) },
    now: io.now(),
  };
}
