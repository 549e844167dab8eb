/** Registering an app from a manifest: the form is posted here, and the browser is sent back with a code. */
import { acceptManifest, type Manifest } from '../actions/apps.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { escape, page } from './html.ts';

export async function registrationPage(world: World, request: Request, url: URL): Promise<Response> {
  const form = request.method === 'POST' ? new URLSearchParams(await request.text()) : url.searchParams;
  const manifest = parsed(form.get('manifest'));
  const owner = ownerOf(world, url);
  if (!manifest || !owner) return page('No manifest', ['<p>Post a manifest to register an app.</p>'], 422);
  try {
    const code = acceptManifest(world, manifest, owner);
    const back = redirectOf(manifest.redirect_url, code, url.searchParams.get('state') ?? form.get('state'));
    if (back !== undefined) return new Response(null, { status: 302, headers: { location: back } });
    return page('Registered', [`<p>The app is ready. Its code is <code>${escape(code)}</code>.</p>`]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return page('Refused', [`<p>${escape(error.message)}</p>`], error.status);
  }
}

function redirectOf(target: unknown, code: string, state: string | null): string | undefined {
  if (typeof target !== 'string' || !URL.canParse(target)) return undefined;
  const back = new URL(target);
  back.searchParams.set('code', code);
  if (state !== null) back.searchParams.set('state', state);
  return back.href;
}

/** The organisation of the address, or else the first person there is. */
function ownerOf(world: World, url: URL) {
  const login = /^\/organizations\/([^/]+)\//.exec(url.pathname)?.[1];
  if (login !== undefined) return world.organisations.get(login.toLowerCase())?.account;
  return [...world.accounts.values()].find((account) => account.type === 'User');
}

function parsed(text: string | null): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
