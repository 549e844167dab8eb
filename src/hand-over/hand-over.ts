import { UserError } from '../review/errors.ts';
import type { Delivery, Destination, Handed } from './destination.ts';
import { send, type Planned, type Sender } from './request.ts';

export interface Outcome {
  readonly name: string;
  readonly state: 'sent' | 'there-already';
}

/** Everything that would be sent, in order, if nothing of it is there yet. */
export function plan({ deliveries, finish }: Destination, handed: Handed): readonly Planned[] {
  return [
    ...deliveries(handed).flatMap(({ ask, send: requests }) => [
      ask,
      ...requests.map((request) => request([])),
    ]),
    ...(finish ? [finish(handed)] : []),
  ];
}

/** Sends what is not there yet, one file after the other; `told` hears of each that is done, also before one that fails. */
export async function handOver(
  { deliveries, finish }: Destination,
  handed: Handed,
  sender: Sender,
  told: (outcome: Outcome) => void,
): Promise<void> {
  let isNew = false;
  for (const delivery of deliveries(handed)) {
    const state = await deliver(delivery, sender);
    isNew ||= state === 'sent';
    told({ name: delivery.file.name, state });
  }
  if (isNew && finish) await send(finish(handed), sender);
}

async function deliver(
  { ask, isThere, send: requests }: Delivery,
  sender: Sender,
): Promise<Outcome['state']> {
  if (isThere(await send(ask, sender))) return 'there-already';
  const answers: unknown[] = [];
  for (const request of requests) {
    const planned = request(answers);
    if (planned.url.includes('{id}'))
      throw new UserError(
        'The evidence was made, but the answer does not say what it is called.',
        'Check the address, which ends with /api, and the version of the service.',
      );
    answers.push(await send(planned, sender));
  }
  return 'sent';
}
