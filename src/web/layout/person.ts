import type { Account } from '../../core/model/account.ts';
import type { Actor } from '../../core/model/record.ts';
import { html, type SafeHtml } from './html.ts';
import { foreign } from './words.ts';

/** The login of then; the number, which never changes, is in the tooltip and on the page of the record. */
export function person(account: Account | undefined): SafeHtml {
  if (!account) return html`<span class="muted">nobody on record</span>`;
  return html`<span class="person" title="account ${account.id.slice(0, 40)}"
      >@${foreign(account.login, 100)}</span
    >${kind(account)}`;
}

/** With what they were, or were allowed to do, at that moment. */
export const personInRole = (actor: Actor | undefined): SafeHtml =>
  actor ? html`${person(actor)} <span class="role">${foreign(actor.role, 200)}</span>` : person(undefined);

const kind = ({ kind }: Account): SafeHtml | undefined =>
  kind === 'user' ? undefined : html` <span class="role">${kind}</span>`;
