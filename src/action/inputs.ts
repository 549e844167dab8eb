import { getInput } from '@actions/core';
import { z } from 'zod';
import { UserError } from '../review/errors.ts';

/** One input of `action.yml`, which is compared with this table by a test. */
interface InputSpec {
  readonly about: string;
  readonly default: string;
}

export const INPUTS = {
  token: {
    about:
      'Token that reads the pull request, and writes review comments where it may. Reading members of teams needs one of a GitHub App; the workflow’s own never may.',
    default: '${{ github.token }}',
  },
  'pull-request': {
    about: 'Number of the pull request, for workflow_dispatch and other events that name none.',
    default: '',
  },
  comments: {
    about: 'Whether questions are posted as review comments on their lines: true or false.',
    default: 'true',
  },
  rerun: {
    about:
      'Whether the check of the pull request is run again after a command in a comment changed what it comes to: true or false. Needs actions: write.',
    default: 'true',
  },
  output: {
    about:
      'Folder for verdict.json, threatgate.sarif and evidence.json. Default: one in the temporary folder of the runner.',
    default: '',
  },
} as const satisfies Readonly<Record<string, InputSpec>>;

export interface Inputs {
  readonly token: string;
  readonly pullRequest: number | undefined;
  readonly comments: boolean;
  readonly rerun: boolean;
  /** Undefined: the runner's temporary folder. */
  readonly output: string | undefined;
}

const number = z
  .string()
  .regex(/^(?:[1-9]\d{0,8})?$/)
  .transform((text) => (text === '' ? undefined : Number(text)));
const flag = z
  .string()
  .regex(/^(?:true|false)$/i)
  .transform((text) => text.toLowerCase() === 'true');
const line = z.string().regex(/^[^\u0000-\u001f\u007f]*$/);

const SHAPES = {
  token: { shape: line.min(1), allowed: 'a token, for example ${{ github.token }}' },
  'pull-request': { shape: number, allowed: 'the number of a pull request, or nothing' },
  comments: { shape: flag, allowed: 'true or false' },
  rerun: { shape: flag, allowed: 'true or false' },
  output: { shape: line, allowed: 'the path of a folder, or nothing' },
} as const;

/** Throws `UserError` that names the input and what it may be. */
export function readInputs(): Inputs {
  const output = read('output');
  return {
    token: read('token'),
    pullRequest: read('pull-request'),
    comments: read('comments'),
    rerun: read('rerun'),
    output: output === '' ? undefined : output,
  };
}

function read<N extends keyof typeof SHAPES>(name: N): z.output<(typeof SHAPES)[N]['shape']> {
  const { shape, allowed } = SHAPES[name];
  const fallback = name === 'token' ? '' : INPUTS[name].default;
  const written = getInput(name);
  const parsed = shape.safeParse(written === '' ? fallback : written);
  if (parsed.success) return parsed.data as z.output<(typeof SHAPES)[N]['shape']>;
  const shown = name === 'token' ? '' : ` ${JSON.stringify(written.slice(0, 60))}`;
  throw new UserError(`The input \`${name}\` cannot be${shown || ' empty'}.`, `It is ${allowed}.`);
}
