/** The load of `bench/intake.ts`: signed deliveries of one size, each with an id of its own, over connections kept open. */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export const SECRET = 'only for measuring, on this machine';
export const SELF = { appId: 4242, botLogin: 'threatgate[bot]' } as const;

const HEAD = '1f'.repeat(20);
const BASE = '2e'.repeat(20);

/** A `pull_request.synchronize` of about 20 kB, as GitHub's are; most of it says nothing to anybody. */
function payload(number: number): string {
  const user = { login: 'ada', id: 11, node_id: 'U_11', type: 'User', site_admin: false };
  const repository = {
    id: 700,
    name: 'orchard',
    full_name: 'acme/orchard',
    private: true,
    owner: { login: 'acme', id: 1, type: 'Organization' },
    default_branch: 'main',
    urls: Object.fromEntries(
      Array.from({ length: 45 }, (_, i) => [
        `endpoint_${i}_url`,
        `https://api.github.com/repos/acme/orchard/endpoint/${i}{/id}`,
      ]),
    ),
  };
  const side = (sha: string): object => ({ ref: 'main', sha, label: 'acme:main', user, repo: repository });
  return JSON.stringify({
    action: 'synchronize',
    number,
    before: BASE,
    after: HEAD,
    pull_request: {
      id: 5000 + number,
      number,
      state: 'open',
      title: 'Exports',
      body: 'What it does and why. '.repeat(180),
      user,
      head: side(HEAD),
      base: side(BASE),
    },
    repository,
    installation: { id: 31 },
    sender: user,
  });
}

interface Delivery {
  readonly body: Buffer;
  readonly signature: string;
}

const PULL_REQUESTS = 40;
const deliveries: readonly Delivery[] = Array.from({ length: PULL_REQUESTS }, (_, i) => {
  const body = Buffer.from(payload(i + 1));
  return { body, signature: `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` };
});

export const BYTES = deliveries[0]?.body.length ?? 0;

export interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Sends `count` deliveries over `connections` connections; every one has to be answered with 2xx. */
export async function send(port: number, count: number, connections: number): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) {
      const delivery = deliveries[next++ % PULL_REQUESTS];
      if (!delivery) return;
      const from = performance.now();
      const status = await post(port, agent, delivery);
      if (status < 200 || status > 299) throw new Error(`A delivery was answered with ${status}.`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: count / seconds, p50: at(0.5), p99: at(0.99) };
}

function post(port: number, agent: Agent, { body, signature }: Delivery): Promise<number> {
  return new Promise((done, fail) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: '/api/github/webhooks',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'x-github-event': 'pull_request',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': signature,
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode ?? 0));
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}
