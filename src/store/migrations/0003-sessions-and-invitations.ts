import type { Engine } from '../engine.ts';

/**
 * Who is logged in to the pages, and who was invited to them. Neither is part of the trail: sessions are forgotten when
 * they are over. Invitations are kept, revoked or not, so that it can be told who could look at what, and until when.
 */
export function accessTables(engine: Engine['name']): readonly string[] {
  const isSqlite = engine === 'sqlite';
  const text = isSqlite ? 'text' : 'text collate "C"';
  const counter = isSqlite
    ? 'integer primary key autoincrement'
    : 'bigint generated always as identity primary key';
  const strict = isSqlite ? 'strict' : '';
  return [
    `create table web_sessions (
      id ${text} not null primary key,
      login_state ${text} not null unique,
      account ${text} not null, login ${text} not null, token ${text} not null,
      created_at ${text} not null, seen_at ${text} not null, expires_at ${text} not null,
      ended_at ${text}
    ) ${strict}`,
    `create index web_sessions_by_end on web_sessions (expires_at)`,
    `create table invitations (
      id ${counter},
      login ${text} not null, login_key ${text} not null, account ${text},
      repositories ${text} not null,
      created_at ${text} not null, until ${text} not null, revoked_at ${text}
    ) ${strict}`,
    `create index invitations_of_account on invitations (account)`,
    `create index invitations_of_login on invitations (login_key)`,
  ];
}
