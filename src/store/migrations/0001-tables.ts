import type { Engine } from '../engine.ts';

/** Tables and indexes as of the first version; what came later is in a migration of its own. */
export function tables(engine: Engine['name']): readonly string[] {
  const words = engine === 'sqlite' ? SQLITE : POSTGRES;
  return [...queueTables(words), ...stateTables(words), ...ledgerTables(words)];
}

/** How an engine says it. */
interface Words {
  /** Columns of this type; text is compared byte by byte, whatever the language of the server. */
  readonly text: (...columns: string[]) => string;
  readonly optionalText: (...columns: string[]) => string;
  readonly integer: (...columns: string[]) => string;
  readonly optionalInteger: (...columns: string[]) => string;
  /** A column `id` that counts up. */
  readonly counter: string;
  readonly table: string;
  /** A table without row ids, in which nothing but the keys can make SQLite replace a row. */
  readonly keyedTable: string;
}

const columns =
  (type: string) =>
  (...names: string[]): string =>
    names.map((name) => `${name} ${type}`).join(', ');

const SQLITE: Words = {
  text: columns('text not null'),
  optionalText: columns('text'),
  integer: columns('integer not null'),
  optionalInteger: columns('integer'),
  counter: 'id integer primary key autoincrement',
  table: 'strict',
  keyedTable: 'strict, without rowid',
};

const POSTGRES: Words = {
  text: columns('text collate "C" not null'),
  optionalText: columns('text collate "C"'),
  integer: columns('bigint not null'),
  optionalInteger: columns('bigint'),
  counter: 'id bigint generated always as identity primary key',
  table: '',
  keyedTable: '',
};

const queueTables = ({ text, optionalText, integer, counter, table }: Words): readonly string[] => [
  `create table deliveries (
    ${text('guid', 'event', 'action', 'key', 'received_at')},
    primary key (guid)
  ) ${table}`,
  `create index deliveries_by_age on deliveries (received_at)`,

  `create table work (
    ${text('key', 'subject', 'since', 'next_at')},
    ${integer('installation', 'wanted', 'done', 'attempts')},
    ${optionalText('token', 'lease_until', 'reason')},
    primary key (key)
  ) ${table}`,
  `create index work_waiting on work (since, key) where wanted > done`,

  `create table installations (
    ${integer('id')}, ${text('paused_until', 'reason')},
    primary key (id)
  ) ${table}`,

  `create table signals (
    ${counter}, ${text('key', 'guid', 'received_at', 'signal')}
  ) ${table}`,
  `create index signals_of_subject on signals (key, id)`,
];

const stateTables = (words: Words): readonly string[] => {
  const { text, optionalText, integer, optionalInteger, counter, table } = words;
  return [
    `create table repositories (
      ${integer('id', 'installation', 'active')}, ${text('name', 'protected_branches', 'tips')},
      ${optionalText('default_branch', 'policy', 'swept_at')},
      primary key (id)
    ) ${table}`,

    `create table pull_requests (
      ${integer('repository', 'number', 'installation')},
      ${text('name', 'state', 'head', 'base_ref', 'memory', 'links')},
      ${optionalText('base', 'digest', 'conclusion', 'evaluated_at')},
      primary key (repository, number)
    ) ${table}`,
    `create index pull_requests_by_state on pull_requests (repository, state, number)`,
    `create index pull_requests_by_head on pull_requests (repository, head)`,

    `create table links (
      ${integer('repository', 'number')}, ${text('target')},
      primary key (repository, number, target),
      foreign key (repository, number) references pull_requests (repository, number)
    ) ${table}`,
    `create index links_by_target on links (target)`,

    `create table checks (
      ${integer('repository')}, ${text('head', 'subject', 'name')},
      ${optionalText('intent', 'written', 'conclusion', 'digest', 'shown_at')}, ${optionalInteger('run')},
      primary key (repository, head, subject)
    ) ${table}`,

    `create table shown (
      ${counter}, ${integer('repository', 'number')}, ${text('head', 'digest', 'at')},
      unique (repository, number, at, head, digest)
    ) ${table}`,

    `create table comments (
      ${integer('repository', 'number')}, ${text('component', 'name', 'state')},
      ${optionalText('intent', 'written')}, ${optionalInteger('comment')},
      primary key (repository, number, component)
    ) ${table}`,
  ];
};

const ledgerTables = ({
  text,
  optionalText,
  integer,
  optionalInteger,
  keyedTable,
}: Words): readonly string[] => [
  `create table chains (
    ${integer('repository', 'sequence')}, ${text('hash')},
    primary key (repository)
  ) ${keyedTable}`,

  `create table records (
    ${integer('repository', 'sequence')},
    ${text('previous', 'hash', 'kind', 'source', 'at', 'text')},
    ${optionalText('actor')}, ${optionalInteger('pull_request')},
    primary key (repository, sequence),
    unique (repository, kind, source)
  ) ${keyedTable}`,
  `create index records_by_time on records (at)`,
  `create index records_of_repository on records (repository, at)`,
  `create index records_of_pull_request on records (repository, pull_request, sequence)`,
  `create index records_of_kind on records (kind, at)`,
  `create index records_of_actor on records (actor, at)`,

  `create table documents (
    ${text('digest', 'kind', 'text')},
    primary key (digest)
  ) ${keyedTable}`,
];
