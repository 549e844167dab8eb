import { html } from '../core/report/escape.ts';
import type { Answer } from './answer.ts';

/** The few pages of the setup: no scripts, nothing from elsewhere, forms only to ourselves and to GitHub. */
export function page(status: number, content: string, formTo = ''): Answer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; form-action 'self' ${formTo}; frame-ancestors 'none'; base-uri 'none'`,
    },
    body: `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Threatgate setup</title>\n<h1>Threatgate setup</h1>\n${content}\n</html>\n`,
  };
}

export function startPage(again: boolean): string {
  const hint = again
    ? '<p><strong>That is not an address of the form https://threatgate.example.com.</strong></p>\n'
    : '';
  return `${hint}<form method="get" action="/">
<p><label>Where will GitHub reach the service?
<input name="service" type="url" required size="40" placeholder="https://threatgate.example.com"></label></p>
<p><button>Next</button></p>
</form>`;
}

export function sendPage(action: string, manifest: string): string {
  return `<p>GitHub shows what the App may do and asks for a name. Nothing is created before you confirm there.</p>
<form method="post" action="${html(action)}">
<input type="hidden" name="manifest" value="${html(manifest)}">
<button>Register the App at GitHub</button>
</form>`;
}

export function donePage(appUrl: string, file: string): string {
  return `<p>The App is registered. Its key and secret were written to <code>${html(file)}</code>; they are shown nowhere.</p>
<p>Next: <a href="${html(`${appUrl}/installations/new`)}">install it</a>, and start the service as the terminal says.</p>`;
}

export const failedPage = (why: string): string => `<p>${html(why)}</p>`;
