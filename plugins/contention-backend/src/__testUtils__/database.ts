/** Which database tests of a whole backend run on: SQLite, or the Postgres that `test/postgres/run.mjs` has started. */
import { createHash, randomBytes } from 'node:crypto';
import type { JsonObject } from '@backstage/types';
import createKnex, { type Knex } from 'knex';

/** A connection string of a server on which databases may be made. */
const POSTGRES = process.env.CONTENTION_TEST_POSTGRES;

/**
 * `backend.database` for a test that keeps its data in `folder`: the same folder is the same data. Without one, data that
 * lasts as long as the backend.
 */
export function testDatabase(folder?: string): JsonObject {
  if (POSTGRES) {
    const of = folder ?? `memory ${process.pid} ${Math.random()}`;
    const name = createHash('sha256').update(of).digest('hex').slice(0, 16);
    return {
      client: 'pg',
      connection: POSTGRES,
      prefix: `test_${name}_`,
    };
  }
  return {
    client: 'better-sqlite3',
    connection: folder ? { directory: folder } : ':memory:',
  };
}

/** An empty database of its own, for a test without a backend. Destroy it. */
export async function testKnex(): Promise<Knex> {
  const options = { useNullAsDefault: true };
  if (!POSTGRES) {
    const client = 'better-sqlite3';
    return createKnex({ ...options, client, connection: ':memory:' });
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = createKnex({ client: 'pg', connection: POSTGRES });
  try {
    await server.raw('create database ??', [name]);
  } finally {
    await server.destroy();
  }
  const connection = new URL(POSTGRES);
  connection.pathname = name;
  return createKnex({ ...options, client: 'pg', connection: `${connection}` });
}
