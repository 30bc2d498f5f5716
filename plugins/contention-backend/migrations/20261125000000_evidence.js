/**
 * Evidence: frozen records and the replies to them, and the ranges that are to be frozen, or were, without anybody asking.
 * Retention never touches records; nothing here refers to what it deletes.
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('contention_evidence', table => {
    table.comment('Frozen records. Written once; nothing but a delete changes');
    table.string('id', 32).primary().comment('First half of the hash, hex');
    table.string('hash', 64).notNullable().comment('SHA-256 of the record');
    table.string('entity_ref', 255).notNullable();
    table.text('cluster').nullable().comment('Null: all clusters');
    table.bigInteger('from_ms').notNullable();
    table.bigInteger('to_ms').notNullable();
    table.string('origin', 16).notNullable();
    table.bigInteger('created_at_ms').notNullable();
    table.text('head').notNullable().comment('JSON, for lists; no reports');
    table.binary('record').notNullable().comment('gzip of canonical JSON');
    table.index(['entity_ref', 'created_at_ms'], 'contention_evidence_entity');
  });
  await knex.schema.createTable('contention_evidence_replies', table => {
    table.comment('Appended to a record, each with the hash of the one before');
    table
      .string('evidence_id', 32)
      .notNullable()
      .references('contention_evidence.id');
    table.integer('position').notNullable();
    table.text('reply').notNullable().comment('JSON');
    table.primary(['evidence_id', 'position']);
  });
  await knex.schema.createTable('contention_evidence_automatic', table => {
    table.comment('Ranges to freeze without being asked; kept to do so once');
    table.string('key', 64).primary().comment('Entity, cluster, rough range');
    table.string('entity_ref', 255).notNullable();
    table.bigInteger('to_ms').notNullable();
    table.text('request').notNullable().comment('JSON');
    table.bigInteger('due_ms').nullable().comment('Null: done with');
    table.integer('attempts').notNullable().defaultTo(0);
    table.string('evidence_id', 32).nullable();
    table.index(['due_ms'], 'contention_evidence_automatic_due');
  });
};

exports.down = async function down(knex) {
  await knex.schema.dropTable('contention_evidence_automatic');
  await knex.schema.dropTable('contention_evidence_replies');
  await knex.schema.dropTable('contention_evidence');
};
