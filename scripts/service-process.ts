/** The real service as a process of its own, on the loopback: for the demo and for the test that kills it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keyPair } from '../test/double/key-pair.ts';

export interface ServiceSettings {
  readonly app: { readonly id: number };
  readonly secret: string;
  readonly apiUrl: string;
  readonly port: number;
  /** Folder of its database. */
  readonly data: string;
}

/** Resolves once it listens. Needs the bundle in `dist/`. */
export async function startService(settings: ServiceSettings): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/cli.js'), 'serve'], {
    env: {
      PATH: process.env['PATH'],
      APP_ID: String(settings.app.id),
      PRIVATE_KEY: keyPair().privateKey,
      WEBHOOK_SECRET: settings.secret,
      GITHUB_API_URL: settings.apiUrl,
      DATA_DIR: settings.data,
      HOST: '127.0.0.1',
      PORT: String(settings.port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`The service ended with ${code} before it listened.`)));
    lines.on('line', (line) => {
      if (line.includes('"listening"')) ready();
    });
  });
  child.removeAllListeners('exit');
  return child;
}

/** Resolves once the process is gone. */
export function stopService(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      done();
      return;
    }
    child.once('exit', () => done());
    child.kill(signal);
  });
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
