import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';

const directory = resolve(__dirname, '../../migrations');
const migrations = readdirSync(directory).sort();

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

/** A row as it was stored, without its key in the table's own numbering. */
type Row = Record<string, unknown>;

/** Our tables, in the order in which they were made: a table refers to those before it. */
async function tables(knex: Knex): Promise<string[]> {
  const isSqlite = knex.client.config.client.includes('sqlite');
  const rows = isSqlite
    ? await knex('sqlite_master')
        .where({ type: 'table' })
        .orderBy('rowid')
        .select('name')
    : await knex('pg_class')
        .join('pg_namespace', 'pg_namespace.oid', 'relnamespace')
        .where({ relkind: 'r', nspname: 'public' })
        .orderBy('pg_class.oid')
        .select('relname as name');
  return rows
    .map(({ name }: { name: string }) => name)
    .filter((name: string) => name.startsWith('contention_'));
}

/** An hour begins then. */
const AT_MS = 1_700_000_100_000 - (1_700_000_100_000 % 3_600_000);

/** Some value that fits into a column; another one for another `index`. Numbers in integer columns are ids of rows. */
function valueFor({ type }: Knex.ColumnInfo, index: number): unknown {
  if (/bigint/.test(type)) return AT_MS + index * 3_600_000;
  if (/int/.test(type)) return index;
  if (/double|float|real|numeric/.test(type)) return index + 0.5;
  if (/bool/.test(type)) return index % 2 === 0;
  if (/blob|bytea|binary/.test(type)) return Buffer.from([index]);
  if (/text|char|json/.test(type)) return `{"row":${index}}`;
  throw new Error(`No value for a column of type ${type}`);
}

/** Puts two rows into every table that is empty. */
async function fill(knex: Knex): Promise<void> {
  for (const table of await tables(knex)) {
    const [{ count }] = await knex(table).count({ count: '*' });
    if (Number(count) === 0) {
      const columns = Object.entries(await knex(table).columnInfo());
      for (const index of [1, 2]) {
        const row = Object.fromEntries(
          columns
            .filter(([name]) => name !== 'id' || !isCounted(columns))
            .map(([name, column]) => [name, valueFor(column, index)]),
        );
        await knex(table).insert(row);
      }
    }
  }
}

/** Whether the database counts the column `id` itself. */
function isCounted(columns: Array<[string, Knex.ColumnInfo]>): boolean {
  const id = columns.find(([name]) => name === 'id');
  return id !== undefined && /int/.test(id[1].type);
}

async function snapshot(knex: Knex): Promise<Map<string, Row[]>> {
  const all = new Map<string, Row[]>();
  for (const table of await tables(knex)) all.set(table, await knex(table));
  return all;
}

/** Every row of `before` stands in `after`, in the columns that both have. */
function expectKept(before: Map<string, Row[]>, after: Map<string, Row[]>) {
  for (const [table, rows] of before) {
    const now = after.get(table);
    // A table that is gone has said so by its migration; what is there has kept its rows.
    for (const row of now ? rows : []) {
      const shared = Object.fromEntries(
        Object.entries(row).filter(([name]) => name in (now![0] ?? {})),
      );
      expect([table, now]).toEqual([
        table,
        expect.arrayContaining([expect.objectContaining(shared)]),
      ]);
    }
  }
}

describe.each(databases.eachSupportedId())('migrations on %s', id => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  it.each(migrations)(
    '%s keeps what a database of the version before it holds, there and back',
    async migration => {
      for (const earlier of migrations) {
        if (earlier === migration) break;
        await knex.migrate.up({ directory });
      }
      await fill(knex);
      const before = await snapshot(knex);
      await knex.migrate.up({ directory });
      const after = await snapshot(knex);
      expect(after.size).toBeGreaterThanOrEqual(before.size);
      expectKept(before, after);
      await fill(knex);
      await knex.migrate.down({ directory });
      expectKept(before, await snapshot(knex));
      expect((await tables(knex)).sort()).toEqual([...before.keys()].sort());
    },
  );

  it('goes from the first version to the newest with data in every table on the way, and back to nothing', async () => {
    for (const _ of migrations) {
      await knex.migrate.up({ directory });
      await fill(knex);
    }
    const filled = await snapshot(knex);
    expect(filled.size).toBeGreaterThan(0);
    for (const rows of filled.values()) expect(rows).not.toEqual([]);
    for (const _ of migrations) await knex.migrate.down({ directory });
    expect(await tables(knex)).toEqual([]);
  });
});
