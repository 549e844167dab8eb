/** The merge queue of the shop: what people put into it, and what we say about the groups that GitHub builds. */
import type { CheckRun } from '../double/state/checks.ts';
import type { Delivery } from '../double/webhooks/delivery.ts';
import type { ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO } from './people.ts';
import { SHOP } from './shop.ts';

export type Method = 'MERGE' | 'SQUASH' | 'REBASE';

export const MINUTE = 60_000;

const compute = SHOP['infra/compute.tf'] ?? '';
const admin = compute.slice(compute.indexOf('resource "aws_instance" "admin"'));

/** One more machine behind the rules that `opened` opens to the world. */
export const PAYROLL = { 'infra/compute.tf': `${compute}\n${admin.replace('"admin"', '"payroll"')}` };

export function queueOf(service: ServiceUnderTest) {
  const { control, observe, world } = service.gh;
  const people = peopleOf(service);

  const entry = (number: number) => {
    const found = world.repository(REPO).queue.find((e) => e.pull.number === number);
    if (!found) throw new Error(`#${number} is not in the queue.`);
    return { ...found };
  };

  const runOf = (headSha: string): CheckRun => {
    const [run, ...more] = observe.allCheckRuns(REPO, headSha);
    if (!run || more.length > 0) throw new Error(`There are ${more.length + 1} runs, or none.`);
    return run;
  };

  /** Without anybody looking yet. */
  const enqueue = (number: number) => {
    service.pass(2_000);
    control.enqueue({ repo: REPO, number, by: 'bob' });
    return entry(number);
  };

  return {
    entry,
    runOf,
    enqueue,
    queueBy: (mergeQueue: Method): void => {
      const requiredChecks = [{ context: 'Threatgate', integrationId: service.app.id }];
      control.setRules({ repo: REPO, requiredChecks, mergeQueue, bypass: ['ada'] });
    },
    /** A pull request that is through: somebody independent has said yes. */
    approved: async (): Promise<number> => {
      const number = await people.open('covered', { branch: 'exports' });
      await people.review(number, 'alice');
      return number;
    },
    /** Another one, of another file, that is through because it was waived. */
    waived: async (): Promise<number> => {
      const number = await people.open('opened', { branch: 'opened' });
      await people.say(number, 'alice', '/threatgate waive the office moves this week');
      return number;
    },
    queued: async (number: number): Promise<CheckRun> => {
      const { headSha } = enqueue(number);
      await service.settle();
      return runOf(headSha);
    },
    complete: (number: number): Promise<void> =>
      people.settled(() => {
        control.completeGroup({ repo: REPO, number });
      }),
    /** News of merge groups, in turn, that GitHub keeps to itself for now. */
    heldBack: (): readonly Delivery[] => {
      const groups = service.gh.pending().filter((d) => d.event === 'merge_group');
      for (const delivery of groups) delivery.state = 'lost';
      return groups;
    },
    hear: async (delivery: Delivery | undefined, patienceMs = 0): Promise<void> => {
      if (delivery) await service.gh.deliver(delivery);
      await service.settle(patienceMs);
    },
    /** Somebody presses "Re-run". */
    ask: (headSha: string): Promise<void> =>
      people.settled(() => {
        control.rerequestCheckRun({ by: 'bob', checkRunId: runOf(headSha).id });
      }),
    conclusions: (...heads: readonly string[]) =>
      heads.map((sha) => observe.checkRuns(REPO, sha)[0]?.conclusion),
  };
}

export type Queue = ReturnType<typeof queueOf>;
