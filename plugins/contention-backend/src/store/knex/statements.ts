/**
 * Reads of many rows or of many small questions, past the query builder: a report asks some fifty times and gets tens of
 * thousands of rows, for which building the same statement anew and an object a row would take longer than the database does.
 * Knows how each database wants it; refuses to know tables.
 */
import type { Knex } from 'knex';
import { isSqlite } from './rows';

/** What is used of better-sqlite3, whose connections knex hands out. */
interface SqliteConnection {
  prepare(sql: string): {
    raw(): { all(bindings: readonly unknown[]): unknown[] };
  };
}

type SqliteStatement = ReturnType<
  ReturnType<SqliteConnection['prepare']>['raw']
>;

/** Statements of each connection, by their text. */
const prepared = new WeakMap<SqliteConnection, Map<string, SqliteStatement>>();

function statementOf(
  connection: SqliteConnection,
  sql: string,
): SqliteStatement {
  let statements = prepared.get(connection);
  if (!statements) {
    statements = new Map();
    prepared.set(connection, statements);
  }
  let statement = statements.get(sql);
  if (!statement) {
    statement = connection.prepare(sql).raw();
    statements.set(sql, statement);
  }
  return statement;
}

/**
 * The rows of a query, each an array of its columns in the order of the query.
 * @param sql - with `?` for bindings; one of a fixed number of texts, as each is kept
 */
export async function readRows<Row extends unknown[]>(
  knex: Knex,
  sql: string,
  bindings: readonly (string | number | readonly number[])[],
): Promise<Row[]> {
  if (!isSqlite(knex)) {
    const { rows } = await knex
      .raw(sql, [...bindings] as Knex.RawBinding[])
      .options({ rowMode: 'array' });
    return rows;
  }
  const connection: SqliteConnection = await knex.client.acquireConnection();
  try {
    return statementOf(connection, sql).all(bindings) as Row[];
  } finally {
    await knex.client.releaseConnection(connection);
  }
}
