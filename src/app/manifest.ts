import { parse } from 'yaml';
import { z } from 'zod';
import { CALLBACK_PATH } from '../web/paths.ts';
import { isOrigin } from './address.ts';
import { WEBHOOK_PATH } from './intake.ts';
import { registration } from './registration.ts';

const level = z.enum(['read', 'write']);

const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  url: z.url(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), level),
  default_events: z.array(z.string()),
});

/** What GitHub is told of the App when it is registered. */
export type Registration = z.infer<typeof schema>;

export function readRegistration(): Registration {
  return schema.parse(parse(registration()));
}

/** The manifest that GitHub makes an App of. `service` is where GitHub reaches us, `callback` where the browser comes back to. */
export function manifestFor(service: string, callback: string): string {
  return JSON.stringify({
    ...readRegistration(),
    hook_attributes: { url: service + WEBHOOK_PATH, active: true },
    redirect_url: callback,
    callback_urls: [service + CALLBACK_PATH],
  });
}

/** What GitHub answers once the App exists. */
const created = z.object({
  id: z.int().positive(),
  html_url: z.url({ protocol: /^https?$/ }),
  webhook_secret: z.string().min(16),
  client_id: z.string().regex(/^[\w.-]+$/),
  client_secret: z.string().regex(/^[\w-]+$/),
  pem: z.string().min(1),
});

export type CreatedApp = z.infer<typeof created>;

/** Exchanges the code, which works once and for an hour, for the App's number, key and secret. */
export async function convert(code: string, apiUrl: string): Promise<CreatedApp> {
  const response = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': 'threatgate',
      'x-github-api-version': '2022-11-28',
    },
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  });
  if (response.status !== 201) throw new Error(`GitHub answered with status ${response.status}`);
  return created.parse(await response.json());
}

/**
 * As a file of variables that shells, systemd, Docker and Node all read the same: no quotes, no line ends within a value.
 * The pages are set up with it where the service has an origin to itself, as they need.
 */
export function settingsOf(
  { id, pem, webhook_secret, client_id, client_secret }: CreatedApp,
  service: string,
  sessionSecret: string,
): string {
  const pages = [
    `PUBLIC_URL=${service}`,
    `CLIENT_ID=${client_id}`,
    `CLIENT_SECRET=${client_secret}`,
    `SESSION_SECRET=${sessionSecret}`,
  ];
  return [
    `APP_ID=${id}`,
    `PRIVATE_KEY=${Buffer.from(pem).toString('base64')}`,
    `WEBHOOK_SECRET=${webhook_secret}`,
    ...(isOrigin(service) ? pages : []),
    '',
  ].join('\n');
}
