/**
 * How much was waited on each node, minute by minute and hour by hour, so that thousands of nodes can be put in order; resources
 * by their node; and which version of the agent runs there. Minutes of which the points are still there are marked as
 * changed, so that the next roll-up tells them, too.
 */
const MINUTE_MS = 60_000;
/** A minute is made from whole points only: the longest, and what is forgotten first. */
const MARGIN_MS = 30 * MINUTE_MS;

exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite');
  const create = knex.schema.createTable('contention_node_windows', table => {
    table.comment('Seconds of waiting on a node, by windows');
    table.integer('width_ms').notNullable();
    table.bigInteger('start_ms').notNullable();
    table.integer('node_id').notNullable();
    table.double('wait_s').notNullable();
    table.double('crowded_s').notNullable().comment('While other pods ran');
    table.primary(['width_ms', 'start_ms', 'node_id']);
  });
  // As the other windows: in the order of the key, which is stored once.
  if (isSqlite) {
    for (const { sql, bindings } of create.toSQL()) {
      const clustered = sql.startsWith('create table') ? ' without rowid' : '';
      await knex.raw(sql + clustered, bindings ?? []);
    }
  } else await create;
  await knex.schema.alterTable('contention_resources', table => {
    table.index(['cluster', 'node'], 'contention_resources_node');
  });
  await knex.schema.alterTable('contention_nodes', table => {
    table.text('agent_version').nullable();
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
  await knex.schema.alterTable('contention_nodes', table => {
    table.dropColumn('agent_version');
  });
  await knex.schema.alterTable('contention_resources', table => {
    table.dropIndex(['cluster', 'node'], 'contention_resources_node');
  });
  await knex.schema.dropTable('contention_node_windows');
};
