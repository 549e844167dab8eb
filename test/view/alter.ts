import { DatabaseSync } from 'node:sqlite';

/** SQL as the owner of the file can send it: past the guards, which stand again afterwards. */
export function alter(file: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const guards = database.prepare(`select name, sql from sqlite_master where type = 'trigger'`).all();
    for (const { name } of guards) database.exec(`drop trigger ${String(name)}`);
    for (const statement of statements) database.exec(statement);
    for (const { sql } of guards) database.exec(String(sql));
  } finally {
    database.close();
  }
}
