import { z } from 'zod';
import * as p from './payload.ts';
import { reading, type Reading } from './reading.ts';

const issue = z.object({ number: p.id, pull_request: z.object({}).nullish() });

/** Whether anything of ours hangs on it is known at the look, which then costs no request if nothing does. */
const moved = reading(z.object({ ...p.about, issue }), (payload, self) =>
  payload.issue.pull_request || p.isOurs(payload.sender, self)
    ? undefined
    : p.lookAtIssue(payload, payload.issue.number),
);

/** Which label makes an incident, the policy says. */
const labeled = reading(
  z.object({ ...p.about, issue, label: z.object({ name: p.name }).nullish() }),
  (payload, self) => {
    const { label, sender } = payload;
    if (payload.issue.pull_request || !label || p.isOurs(sender, self)) return undefined;
    return p.lookAtIssue(payload, payload.issue.number, { kind: 'labelled', by: sender, label: label.name });
  },
);

export const issues: Readonly<Record<string, Reading>> = { labeled, closed: moved, reopened: moved };
