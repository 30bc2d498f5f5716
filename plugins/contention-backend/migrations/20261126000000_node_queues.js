/**
 * How much packets stood in queues on each node, beside how much was waited for CPUs; null where that was not measured, or not
 * added up. Minutes of which the points are still there are marked as changed, so that the next roll-up tells them, too.
 */
const MINUTE_MS = 60_000;
/** A minute is made from whole points only: the longest, and what is forgotten first. */
const MARGIN_MS = 30 * MINUTE_MS;
const COLUMNS = ['queue_s', 'queue_crowded_s'];

exports.up = async function up(knex) {
  await knex.schema.alterTable('contention_node_windows', table => {
    for (const column of COLUMNS) table.double(column).nullable();
  });
  const ends = await knex('contention_points')
    .min('end_ms as first')
    .max('end_ms as last')
    .first();
  if (ends?.first === null || ends?.first === undefined) return;
  const firstMs =
    Math.ceil((Number(ends.first) + MARGIN_MS) / MINUTE_MS) * MINUTE_MS;
  for (let at = firstMs; at < Number(ends.last); at += MINUTE_MS) {
    await knex('contention_dirty')
      .insert({ width_ms: MINUTE_MS, start_ms: at })
      .onConflict(['width_ms', 'start_ms'])
      .ignore();
  }
};

exports.down = async function down(knex) {
  // In SQL: a table without row ids does not survive how Knex drops columns of SQLite.
  for (const column of COLUMNS) {
    await knex.raw('alter table contention_node_windows drop column ??', [
      column,
    ]);
  }
};
