/**
 * Who ran where and when, in a few words each: what a pod name in an old ticket is looked up in, long after the points and
 * the resource are gone. A resource names its identity; 0: it names nobody that a person would look for.
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('contention_identities', table => {
    table.comment('Names of pods, containers and units; outlive their data');
    table.increments('id').primary();
    table.string('hash', 43).notNullable().unique();
    table.text('cluster').notNullable();
    table.text('node').notNullable();
    table.text('namespace').nullable();
    table.text('pod').nullable();
    table.text('container_id').nullable();
    table.text('ip').nullable();
    table.text('workload').nullable();
    table.text('attributes').notNullable().comment('JSON, keys sorted');
    table.bigInteger('first_seen_ms').notNullable();
    table.bigInteger('last_seen_ms').notNullable();
    table.index(['pod'], 'contention_identities_pod');
    table.index(['container_id'], 'contention_identities_container');
    table.index(['ip'], 'contention_identities_ip');
    table.index(['node'], 'contention_identities_node');
    table.index(
      ['workload', 'namespace', 'cluster', 'id'],
      'contention_identities_workload',
    );
    table.index(['last_seen_ms'], 'contention_identities_seen');
  });
  await knex.schema.alterTable('contention_resources', table => {
    table.integer('identity_id').nullable();
    table.index(['identity_id'], 'contention_resources_identity');
  });
};

exports.down = async function down(knex) {
  await knex.raw('drop index contention_resources_identity');
  // Not with knex, which copies the whole table on SQLite, and every series with it.
  await knex.raw('alter table contention_resources drop column identity_id');
  await knex.schema.dropTable('contention_identities');
};
