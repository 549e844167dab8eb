import { placeOf, ticketsIn, type TicketEntry } from '../core/audit/tickets.ts';
import { githubOf } from '../github/environment.ts';
import { jiraOf } from '../jira/jira.ts';
import {
  followTickets,
  TICKET_KINDS,
  ticketsNamed,
  type NamedTicket,
} from '../review/re-review/follow-tickets.ts';
import { repositoryNamed, type Desk } from './desk.ts';

export interface FollowedTicket extends NamedTicket {
  readonly repository: string;
  /** Undefined when nobody here can ask for it. */
  readonly state: TicketEntry | undefined;
}

export interface Followed {
  readonly tickets: readonly FollowedTicket[];
  /** Records written, and Jira’s tickets that gave no answer. */
  readonly changed: number;
  readonly unanswered: number;
}

/** Asks the trackers how far every ticket is that somebody named, and puts on record what changed. */
export async function lookAtTickets(repository: string | undefined, desk: Desk): Promise<Followed> {
  const { recorder, env, now } = desk;
  const all =
    repository === undefined ? await recorder.repositories() : [await repositoryNamed(repository, recorder)];
  const { hosting } = githubOf(env, now, 'issues and pull requests');
  const jira = jiraOf(env);
  const tickets: FollowedTicket[] = [];
  let [changed, unanswered] = [0, 0];
  for (const ref of all) {
    const before = await recorder.records({ repository: ref.id, kinds: TICKET_KINDS });
    const round = await followTickets(ref, before, hosting, { jira, now: () => now });
    const added = await recorder.append(round.records);
    const states = ticketsIn([...before, ...added]);
    tickets.push(
      ...ticketsNamed(before).map((one) => ({
        ...one,
        repository: ref.name,
        state: states.get(placeOf(ref.id, one.name.key)),
      })),
    );
    changed += added.length;
    unanswered += round.unanswered;
  }
  return { tickets, changed, unanswered };
}
