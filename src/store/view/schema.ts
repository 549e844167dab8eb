import type { Engine } from '../engine.ts';

/** What the tables hold and how it is worked out; another number than the database has: they are made anew. */
export const VERSION = 2;

const TABLES = [
  'view_repositories',
  'view_lists',
  'view_entries',
  'view_counts',
  'view_changes',
  'view_emergencies',
  'view_outages',
  'view_answers',
  'view_models',
  'view_names',
  'view_called',
  'view_documents',
] as const;

export const dropStatements: readonly string[] = TABLES.map((table) => `drop table if exists ${table}`);

/** How an engine says it. */
interface Words {
  readonly text: string;
  readonly integer: string;
  readonly counter: string;
  readonly table: string;
  readonly keyed: string;
}

const SQLITE: Words = {
  text: 'text',
  integer: 'integer',
  counter: 'integer primary key',
  table: ') strict',
  keyed: ') strict, without rowid',
};

const POSTGRES: Words = {
  text: 'text collate "C"',
  integer: 'bigint',
  counter: 'bigint generated always as identity primary key',
  table: ')',
  keyed: ')',
};

const columns = (type: string, ...names: string[]): string =>
  names.map((name) => `${name} ${type} not null`).join(', ');

/**
 * Everything in these tables follows from the records. A list is what some filter asks for (`changes of ada`); an entry says
 * that something stands in it, and a count how many entries of a month do, by repository and, under repository 0, of all.
 */
export function createStatements(engine: Engine['name']): readonly string[] {
  const words = engine === 'sqlite' ? SQLITE : POSTGRES;
  return [...listTables(words), ...changeTables(words), ...otherTables(words)];
}

const listTables = ({ text, integer, counter, table, keyed }: Words): readonly string[] => [
  `create table view_repositories (
      ${columns(integer, 'repository', 'taken', 'seen', 'shown', 'latest')},
      ${columns(text, 'name', 'name_key', 'head', 'first_at', 'last_at', 'latest_at')},
      problem_at ${integer}, problem ${text},
      primary key (repository)
    ${keyed}`,
  `create table view_lists (id ${counter}, key ${text} not null unique ${table}`,

  `create table view_entries (
      ${columns(integer, 'list', 'variant', 'at', 'repository', 'record', 'part')},
      primary key (list, variant, at, repository, record, part)
    ${keyed}`,
  `create index view_entries_of_repository on view_entries (list, repository, variant, at, record, part)`,
  `create table view_counts (
      ${columns(integer, 'list', 'repository', 'month', 'variant', 'n')},
      primary key (list, repository, month, variant)
    ${keyed}`,
];

const changeTables = ({ text, integer, table, keyed }: Words): readonly string[] => [
  `create table view_changes (
      ${columns(integer, 'repository', 'record', 'at')}, pull_request ${integer},
      ${columns(text, 'id', 'entries', 'entry')},
      primary key (repository, record)
    ${table}`,
  `create index view_changes_of_pull_request on view_changes (repository, pull_request, record)`,
  `create index view_changes_ids on view_changes (repository, record, id)`,

  `create table view_emergencies (
      ${columns(integer, 'repository', 'record', 'part', 'at', 'let_through')}, due ${integer}, done ${integer},
      primary key (repository, record, part)
    ${keyed}`,
  `create index view_emergencies_by_time on view_emergencies (at, repository, record, part)`,
  `create table view_outages (
      ${columns(integer, 'repository', 'record', 'at', 'since', 'until')},
      primary key (repository, record)
    ${keyed}`,
  `create index view_outages_by_time on view_outages (at, repository, record)`,
];

const otherTables = ({ text, integer, table, keyed }: Words): readonly string[] => [
  `create table view_answers (
      ${columns(integer, 'repository', 'record', 'since', 'until')}, pull_request ${integer},
      ${columns(text, 'kind', 'key', 'owner')},
      primary key (repository, record)
    ${table}`,
  `create index view_answers_in_order on view_answers (repository, key, record, since, until, kind)`,
  `create index view_answers_of_owner on view_answers (owner, repository, key, record, since, until, kind)`,
  `create index view_answers_of_pull_request on view_answers (repository, pull_request)`,

  `create table view_models (
      ${columns(integer, 'repository', 'record', 'since')},
      primary key (repository, record)
    ${keyed}`,
  `create table view_names (
      ${columns(integer, 'repository')}, ${columns(text, 'purpose', 'name')}, ${columns(integer, 'record')},
      primary key (repository, purpose, name, record)
    ${keyed}`,
  `create table view_called (
      ${columns(text, 'name_key')}, ${columns(integer, 'repository')},
      primary key (name_key, repository)
    ${keyed}`,
  `create table view_documents (
      ${columns(text, 'digest')}, ${columns(integer, 'repository')},
      primary key (digest, repository)
    ${keyed}`,
];
