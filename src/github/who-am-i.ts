import type { Account } from '../core/model/account.ts';
import { accountOfUser, simpleUser } from './accounts.ts';
import type { Client } from './client.ts';

/** Whose token it is, as GitHub says: nobody is put on record by a name that was only typed. */
export async function whoAmI(client: Client): Promise<Account> {
  const { value } = await client.rest(simpleUser, 'GET /user');
  return accountOfUser(value);
}
