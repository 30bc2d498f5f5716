/** Which database tests of a whole backend run on: SQLite, or the Postgres that `test/postgres/run.mjs` has started. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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
    const prefix = prefixFor(folder ?? randomUUID());
    return { client: 'pg', connection: POSTGRES, prefix };
  }
  return {
    client: 'better-sqlite3',
    connection: folder ? { directory: folder } : ':memory:',
  };
}

/** Names of databases, of which there is one a plugin. */
function prefixFor(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex');
  return `test_${hash.slice(0, 16)}_`;
}

const SQLITE = { client: 'better-sqlite3', useNullAsDefault: true };

function onPostgres(database: string): Knex {
  const connection = new URL(POSTGRES!);
  connection.pathname = database;
  return createKnex({
    client: 'pg',
    connection: `${connection}`,
    useNullAsDefault: true,
  });
}

/** The plugin's database below `testDatabase(folder)`, for what a test does behind a backend's back. Destroy it. */
export function pluginKnex(folder: string): Knex {
  if (POSTGRES) return onPostgres(`${prefixFor(folder)}contention`);
  const file = readdirSync(folder, { recursive: true })
    .map(String)
    .find(name => name.endsWith('contention.sqlite'));
  if (!file) throw new Error(`No database of the plugin below ${folder}`);
  return createKnex({
    ...SQLITE,
    connection: { filename: join(folder, file) },
  });
}

/** An empty database of its own, for a test without a backend. Destroy it. */
export async function testKnex(): Promise<Knex> {
  if (!POSTGRES) return createKnex({ ...SQLITE, connection: ':memory:' });
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = createKnex({ client: 'pg', connection: POSTGRES });
  try {
    await server.raw('create database ??', [name]);
  } finally {
    await server.destroy();
  }
  return onPostgres(name);
}
