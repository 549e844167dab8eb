/** Where a ticket is kept, from how somebody wrote it. */
export type TicketName =
  | { readonly kind: 'github'; readonly key: string; readonly repository: string; readonly number: number }
  /** `host`: of the address that was written, where one was. */
  | { readonly kind: 'jira'; readonly key: string; readonly issue: string; readonly host?: string };

const NUMBER = String.raw`([1-9]\d{0,8})`;
const REPOSITORY = String.raw`([a-z\d][\w-]{0,99}\/(?!\.{1,2}[#/])[\w.-]{1,100})`;
const GITHUB = new RegExp(String.raw`^${REPOSITORY}?#${NUMBER}(?![\w-])`, 'i');
const GITHUB_URL = new RegExp(
  String.raw`^https:\/\/(?:[\w.-]{1,200})\/${REPOSITORY}\/(?:issues|pull)\/${NUMBER}(?![\w-])`,
  'i',
);
const JIRA = /^([A-Z][A-Z\d_]{1,19}-[1-9]\d{0,9})(?![\w-])/;
const JIRA_URL =
  /^https:\/\/([\w.-]{1,200}(?::\d{1,5})?)\/(?:[\w-]{1,50}\/)?browse\/([A-Z][A-Z\d_]{1,19}-[1-9]\d{0,9})(?![\w-])/;

/**
 * The ticket that an answer begins with; undefined for one that is kept where we know no way to ask. Two spellings of one
 * ticket have one key. `repository`: where it was said, to which `#12` belongs.
 */
export function ticketIn(text: string, repository: string): TicketName | undefined {
  const word = /^\S{1,400}/.exec(text.trim())?.[0] ?? '';
  const github = GITHUB.exec(word) ?? GITHUB_URL.exec(word);
  if (github) return onGitHub(github[1] ?? repository, Number(github[2]));
  const [, host, there] = JIRA_URL.exec(word) ?? [];
  const issue = there ?? JIRA.exec(word)?.[1];
  if (issue === undefined) return undefined;
  return {
    kind: 'jira',
    key: `jira:${issue}`,
    issue,
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
  };
}

/** Names of owners and repositories are the same in any case. */
export function onGitHub(repository: string, number: number): Extract<TicketName, { kind: 'github' }> {
  return { kind: 'github', key: `github:${repository.toLowerCase()}#${number}`, repository, number };
}
