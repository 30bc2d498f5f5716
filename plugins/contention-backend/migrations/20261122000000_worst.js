/**
 * Worst cases: the slowest request and the longest wait of a stream and interval. All are kept as long as points are, then
 * the slowest of each minute, then of each quarter of an hour.
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('contention_worst', table => {
    table.comment(
      'Slowest requests and longest waits. The key is the identity',
    );
    table.integer('series_id').notNullable();
    table.bigInteger('end_ms').notNullable();
    table.double('seconds').notNullable();
    table
      .integer('width_ms')
      .notNullable()
      .comment('The slowest of this window; 0: as it was sent');
    table
      .integer('culprit_id')
      .nullable()
      .references('contention_resources.id');
    table.text('attributes').notNullable().comment('JSON, keys sorted');
    table.primary(['series_id', 'end_ms', 'seconds']);
    table.index(['width_ms', 'end_ms'], 'contention_worst_age');
    table.index(['culprit_id'], 'contention_worst_culprit');
  });
};

exports.down = async function down(knex) {
  await knex.schema.dropTable('contention_worst');
};
