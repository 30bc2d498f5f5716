/**
 * Windows of five minutes and wider stand together in packs: a row holds consecutive windows of a series, so that a page reads
 * a tenth of the rows. What is stored is taken over. Of a store of thousands of containers that takes minutes, once.
 */
const LEVELS = [
  {
    rows: 'contention_five_minutes',
    packs: 'contention_five_minute_packs',
    histograms: 'contention_five_minute_histograms',
    widthMs: 300000,
    packMs: 3600000,
  },
  {
    rows: 'contention_quarters',
    packs: 'contention_quarter_packs',
    histograms: 'contention_quarter_histograms',
    widthMs: 900000,
    packMs: 14400000,
  },
  {
    rows: 'contention_hours',
    packs: 'contention_hour_packs',
    histograms: 'contention_hour_histograms',
    widthMs: 3600000,
    packMs: 86400000,
  },
];

const BYTES = 8;
const BAR = '|';
const SERIES_PER_RUN = 200;
const ROWS_PER_INSERT = 100;

/** Short rows: as in the first migration clustered by the key, which is stored once. */
async function createClustered(knex, name, define) {
  const isSqlite = knex.client.config.client.includes('sqlite');
  const create = knex.schema.createTable(name, define);
  if (!isSqlite) {
    await create;
    return;
  }
  for (const { sql, bindings } of create.toSQL()) {
    const clustered = sql.startsWith('create table') ? ' without rowid' : '';
    await knex.raw(sql + clustered, bindings ?? []);
  }
}

/** Rows of a table, of some series at a time. */
async function* pages(knex, table) {
  let after = -1;
  for (;;) {
    const ids = await knex(table)
      .where('series_id', '>', after)
      .distinct('series_id')
      .orderBy('series_id')
      .limit(SERIES_PER_RUN)
      .pluck('series_id');
    if (ids.length === 0) return;
    const last = ids[ids.length - 1];
    yield await knex(table)
      .where('series_id', '>', after)
      .where('series_id', '<=', last)
      .orderBy(['series_id', 'start_ms']);
    after = last;
  }
}

async function insert(knex, table, rows) {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await knex(table).insert(rows.slice(start, start + ROWS_PER_INSERT));
  }
}

const keyOf = ({ series_id, start_ms }) => `${series_id} ${start_ms}`;

function packed(rows, { widthMs, packMs }) {
  const packs = new Map();
  for (const { series_id, start_ms, value, histogram } of rows) {
    const packStart = Math.floor(Number(start_ms) / packMs) * packMs;
    const key = keyOf({ series_id, start_ms: packStart });
    let pack = packs.get(key);
    if (!pack) {
      const count = packMs / widthMs;
      pack = {
        series_id,
        start_ms: packStart,
        values: new Array(count).fill(NaN),
        histograms: new Array(count).fill(null),
      };
      packs.set(key, pack);
    }
    const index = (Number(start_ms) - packStart) / widthMs;
    pack.values[index] = value;
    pack.histograms[index] = histogram;
  }
  return [...packs.values()];
}

/** The pack as rows of the two tables; without histograms in the first only. */
function toValues({ series_id, start_ms, values }) {
  const bytes = Buffer.alloc(values.length * BYTES);
  values.forEach((value, index) => bytes.writeDoubleLE(value, index * BYTES));
  return { series_id, start_ms, window_values: bytes };
}

function toHistograms({ series_id, start_ms, histograms }) {
  return histograms.some(text => text !== null)
    ? [
        {
          series_id,
          start_ms,
          histograms: histograms.map(text => text ?? '').join(BAR),
        },
      ]
    : [];
}

function unpacked(packs, texts, { widthMs }) {
  return packs.flatMap(pack => {
    const { series_id, start_ms, window_values } = pack;
    const histograms = texts.get(keyOf(pack))?.split(BAR) ?? [];
    return Array.from(
      { length: Math.floor(window_values.length / BYTES) },
      (_, index) => ({
        series_id,
        start_ms: Number(start_ms) + index * widthMs,
        value: window_values.readDoubleLE(index * BYTES),
        histogram: histograms[index] || null,
      }),
    ).filter(({ value }) => !Number.isNaN(value));
  });
}

exports.up = async function up(knex) {
  for (const level of LEVELS) {
    await createClustered(knex, level.packs, table => {
      table.comment('Points added up in windows, consecutive ones together');
      table.integer('series_id').notNullable();
      table.bigInteger('start_ms').notNullable();
      table
        .binary('window_values')
        .notNullable()
        .comment('64-bit floats, little-endian; NaN: no window');
      table.primary(['series_id', 'start_ms']);
    });
    await knex.schema.createTable(level.histograms, table => {
      table.comment('Histograms of windows, consecutive ones together');
      table.integer('series_id').notNullable();
      table.bigInteger('start_ms').notNullable();
      table
        .text('histograms')
        .notNullable()
        .comment('Texts, a bar between windows');
      table.primary(['series_id', 'start_ms']);
    });
    for await (const rows of pages(knex, level.rows)) {
      const packs = packed(rows, level);
      await insert(knex, level.packs, packs.map(toValues));
      await insert(knex, level.histograms, packs.flatMap(toHistograms));
    }
    await knex.schema.dropTable(level.rows);
  }
};

exports.down = async function down(knex) {
  for (const level of LEVELS) {
    await createClustered(knex, level.rows, table => {
      table.comment('Points added up in windows');
      table.integer('series_id').notNullable();
      table.bigInteger('start_ms').notNullable();
      table.double('value').notNullable();
      table.text('histogram').nullable();
      table.primary(['series_id', 'start_ms']);
    });
    for await (const packs of pages(knex, level.packs)) {
      const ids = [...new Set(packs.map(({ series_id }) => series_id))];
      const texts = new Map(
        (await knex(level.histograms).whereIn('series_id', ids)).map(row => [
          keyOf(row),
          row.histograms,
        ]),
      );
      await insert(knex, level.rows, unpacked(packs, texts, level));
    }
    await knex.schema.dropTable(level.packs);
    await knex.schema.dropTable(level.histograms);
  }
};
