/** Where people see GitHub, by the address of its API: `api.` stands before it, or `/api/v3` behind it. */
export function webUrlOf(apiUrl: string): string {
  const { protocol, host } = new URL(apiUrl);
  return `${protocol}//${host.replace(/^api\./, '')}`;
}
