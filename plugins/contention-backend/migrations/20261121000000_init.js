/**
 * Dictionaries (resources, series), points as they were sent, their roll-ups, and the book-keeping that makes counting
 * once possible. Times are epoch milliseconds in bigint columns.
 */

/**
 * SQLite keeps a table in the order of a hidden row id unless told otherwise; then the key would be stored twice, and the
 * points of a series would lie scattered. Other databases get the table as it is.
 */
async function createPoints(knex, name, define) {
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

exports.up = async function up(knex) {
  await knex.schema.createTable('contention_resources', table => {
    table.comment('Who sends or is blamed: a set of attributes');
    table.increments('id').primary();
    table.string('hash', 43).notNullable().unique();
    table.text('cluster').notNullable();
    table.text('node').notNullable();
    table.text('attributes').notNullable().comment('JSON, keys sorted');
    table.bigInteger('first_seen_ms').notNullable();
    table.bigInteger('last_seen_ms').notNullable();
    table.index(['last_seen_ms', 'first_seen_ms'], 'contention_resources_seen');
  });

  await knex.schema.createTable('contention_series', table => {
    table.comment('Streams: resource, metric and point attributes');
    table.increments('id').primary();
    table.string('hash', 43).notNullable().unique();
    table
      .integer('resource_id')
      .notNullable()
      .references('contention_resources.id')
      .onDelete('CASCADE');
    table
      .integer('culprit_id')
      .nullable()
      .references('contention_resources.id');
    table.text('metric').notNullable();
    table.text('attributes').notNullable().comment('JSON, keys sorted');
    table.index(['resource_id', 'metric'], 'contention_series_resource');
    table.index(['culprit_id'], 'contention_series_culprit');
  });

  await createPoints(knex, 'contention_points', table => {
    table.comment('As sent. The key is the identity of a point');
    table.integer('series_id').notNullable();
    table.bigInteger('end_ms').notNullable();
    table.bigInteger('start_ms').notNullable();
    table.double('value').notNullable();
    table.text('histogram').nullable();
    table.primary(['series_id', 'end_ms', 'start_ms']);
  });

  for (const name of ['contention_minutes', 'contention_quarters']) {
    await createPoints(knex, name, table => {
      table.comment('Points added up in windows');
      table.integer('series_id').notNullable();
      table.bigInteger('start_ms').notNullable();
      table.double('value').notNullable();
      table.text('histogram').nullable();
      table.primary(['series_id', 'start_ms']);
    });
  }

  await knex.schema.createTable('contention_dirty', table => {
    table.comment('Windows that changed since they were rolled up');
    table.integer('width_ms').notNullable();
    table.bigInteger('start_ms').notNullable();
    table.primary(['width_ms', 'start_ms']);
  });

  await knex.schema.createTable('contention_cumulative', table => {
    table.comment('The last point of each cumulative stream');
    table.integer('series_id').primary();
    table.bigInteger('start_ms').notNullable();
    table.bigInteger('end_ms').notNullable();
    table.double('value').notNullable();
    table.text('histogram').nullable();
  });

  await knex.schema.createTable('contention_nodes', table => {
    table.increments('id').primary();
    table.text('cluster').notNullable();
    table.text('node').notNullable();
    table.bigInteger('first_seen_ms').notNullable();
    table.bigInteger('last_seen_ms').notNullable();
    table.bigInteger('interval_ms').notNullable();
    table.unique(['cluster', 'node']);
  });

  await knex.schema.createTable('contention_coverage', table => {
    table.comment('Unbroken stretches in which a node sent data');
    table.integer('node_id').notNullable();
    table.bigInteger('start_ms').notNullable();
    table.bigInteger('end_ms').notNullable();
    table.primary(['node_id', 'start_ms']);
  });
};

exports.down = async function down(knex) {
  for (const name of [
    'contention_coverage',
    'contention_nodes',
    'contention_cumulative',
    'contention_dirty',
    'contention_quarters',
    'contention_minutes',
    'contention_points',
    'contention_series',
    'contention_resources',
  ]) {
    await knex.schema.dropTable(name);
  }
};
