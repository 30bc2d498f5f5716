/**
 * Two more widths of windows: five minutes, which a day is drawn in, and hours, for weeks. What is stored already is marked
 * as changed, so that the next roll-up makes them.
 */
const LEVELS = [
  ['contention_five_minutes', 300000, 'contention_minutes'],
  ['contention_hours', 3600000, 'contention_quarters'],
];

exports.up = async function up(knex) {
  const isSqlite = knex.client.config.client.includes('sqlite');
  for (const [name, widthMs, finer] of LEVELS) {
    const create = knex.schema.createTable(name, table => {
      table.comment('Points added up in windows');
      table.integer('series_id').notNullable();
      table.bigInteger('start_ms').notNullable();
      table.double('value').notNullable();
      table.text('histogram').nullable();
      table.primary(['series_id', 'start_ms']);
    });
    // As the other windows: in the order of the key, which is stored once.
    if (isSqlite) {
      for (const { sql, bindings } of create.toSQL()) {
        const clustered = sql.startsWith('create table')
          ? ' without rowid'
          : '';
        await knex.raw(sql + clustered, bindings ?? []);
      }
    } else await create;
    // Not the oldest, of which a part is forgotten: the quarter that it lies in is whole, and would be made from it anew.
    await knex.raw(
      `insert into contention_dirty (width_ms, start_ms)
       select distinct ${widthMs}, start_ms - start_ms % ${widthMs} from ${finer}
       where start_ms >= (select min(start_ms) from ${finer}) + 900000`,
    );
  }
};

exports.down = async function down(knex) {
  for (const [name, widthMs] of LEVELS) {
    await knex('contention_dirty').where({ width_ms: widthMs }).delete();
    await knex.schema.dropTable(name);
  }
};
