// Fills the plugin's own SQLite database, made by its own migrations, with a fleet and its history: the dictionaries in
// full, windows as far as any report of the asked services reads them.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { inCheckout } from '../../../scripts/lib/checkout.mjs';
import { seriesOf } from './fleet.mjs';

const require = createRequire(
  inCheckout('plugins/contention-backend/package.json'),
);
const Database = require('better-sqlite3');

const MINUTE_MS = 60_000;
const FIVE_MS = 300_000;
const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Windows that the store packs. */
const PACKED = [
  {
    what: 'packs of hours',
    table: 'contention_hour_packs',
    histogramTable: 'contention_hour_histograms',
    widthMs: HOUR_MS,
    packMs: DAY_MS,
  },
  {
    what: 'packs of quarters',
    table: 'contention_quarter_packs',
    histogramTable: 'contention_quarter_histograms',
    widthMs: QUARTER_MS,
    packMs: 4 * HOUR_MS,
  },
  {
    what: 'packs of five minutes',
    table: 'contention_five_minute_packs',
    histogramTable: 'contention_five_minute_histograms',
    widthMs: FIVE_MS,
    packMs: HOUR_MS,
    isFine: true,
  },
];

/** Of ten seconds: 198 requests or waits, most of them fast, as the store writes histograms; wider windows hold as many more. */
const histogramOf = widthMs => {
  const times = widthMs / 10_000;
  const buckets = Array.from(
    { length: 30 },
    (_, index) => `${index - 60}:${times * (index < 12 ? 12 : 3)}`,
  );
  return `0;${buckets.join(';')}`;
};

const canonical = attributes =>
  JSON.stringify(
    Object.keys(attributes)
      .sort()
      .map(key => [key, attributes[key]]),
  );

const hash = () => randomBytes(32).toString('base64url');

/** @returns what is stored, in rows */
export function fill(file, fleet, { days, nowMs }) {
  const db = new Database(file);
  // Out of the write-ahead log first: it would hold everything twice.
  db.pragma('journal_mode = delete');
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  db.pragma('cache_size = -400000');
  const startMs = nowMs - days * DAY_MS;
  const series = seriesOf(fleet);
  db.transaction(() => {
    insertDictionary(db, fleet, series, startMs, nowMs);
    insertWindows(db, fleet, series, { startMs, nowMs });
  })();
  const rows = table =>
    db.prepare(`select count(*) as rows from ${table}`).get().rows;
  const stored = {
    containers: fleet.resources.filter(({ isContainer }) => isContainer).length,
    series: series.length,
    points: rows('contention_points'),
    minutes: rows('contention_minutes'),
    ...Object.fromEntries(PACKED.map(({ what, table }) => [what, rows(table)])),
    worst: rows('contention_worst'),
  };
  db.close();
  return stored;
}

/** What a store that was filled before later migrations lacks: crowding of nodes. Nothing waits to be rolled up. */
export function complete(file, { days, nowMs }) {
  const db = new Database(file);
  const rows = db.prepare(
    `insert or ignore into contention_node_windows (width_ms, start_ms, node_id, wait_s, crowded_s)
     with recursive steps(at) as (
       values(@fromMs) union all select at + @widthMs from steps where at + @widthMs < @toMs
     )
     select @widthMs, at, id, @widthMs / 10000.0, @widthMs / 100000.0 * (1 + (at / @widthMs + id) % 7)
     from contention_nodes cross join steps`,
  );
  db.transaction(() => {
    for (const [widthMs, lengthMs] of [
      [MINUTE_MS, 3 * DAY_MS],
      [HOUR_MS, days * DAY_MS],
    ]) {
      rows.run({
        widthMs,
        fromMs: floor(nowMs - lengthMs, widthMs),
        toMs: floor(nowMs, widthMs),
      });
    }
    // A migration marks what it wants to see rolled up anew; the levels are filled already.
    db.prepare('delete from contention_dirty').run();
  })();
  db.close();
}

function insertDictionary(db, { nodes, resources }, series, startMs, nowMs) {
  const resource = db.prepare(
    'insert into contention_resources (id, hash, cluster, node, attributes, first_seen_ms, last_seen_ms) values (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { id, cluster, node, attributes } of resources) {
    resource.run(
      id,
      hash(),
      cluster,
      node,
      canonical(attributes),
      startMs,
      nowMs,
    );
  }
  const one = db.prepare(
    'insert into contention_series (id, hash, resource_id, culprit_id, metric, attributes) values (?, ?, ?, ?, ?, ?)',
  );
  for (const { id, resource: of, culprit, metric, attributes } of series) {
    one.run(
      id,
      hash(),
      of.id,
      culprit?.id ?? null,
      metric,
      canonical(attributes),
    );
  }
  const node = db.prepare(
    'insert into contention_nodes (id, cluster, node, first_seen_ms, last_seen_ms, interval_ms) values (?, ?, ?, ?, ?, 10000)',
  );
  const stretch = db.prepare(
    'insert into contention_coverage (node_id, start_ms, end_ms) values (?, ?, ?)',
  );
  nodes.forEach((name, index) => {
    node.run(index + 1, resources[0].cluster, name, startMs, nowMs);
    stretch.run(index + 1, startMs, nowMs);
  });
}

/** Metrics that a report reads of everybody who lives on a node. */
const NEIGHBOURS_METRICS = new Set([
  'contention.cpu.time',
  'contention.cpu.request',
  'contention.agent.events',
  'contention.agent.lost',
  'contention.cpu.limit',
  'contention.net.io',
  'contention.net.queue',
  'contention.net.drops',
  'contention.net.receive.packets',
  'contention.net.receive.drops',
  'contention.net.receive.squeezed',
  'contention.net.receive.pressure',
  'contention.net.receive.watched',
  'contention.net.receive.blame',
]);

/** Metrics that a report of what an asked service caused reads of its victims. */
const CAUSED_METRICS = new Set([
  'contention.cpu.wait.blame',
  'contention.net.queue.blame',
]);

/** Metrics that a report reads of whom an asked service talks to. */
const PEERS_METRICS = new Set([
  'contention.tcp.connect',
  'contention.tcp.segments',
  'contention.tcp.retransmits',
  'contention.peer.request.duration',
]);

/** What is stored of the containers that no asked service meets: they make the database as large as a fleet's. */
const FILLER_METRICS = new Set([
  'contention.cpu.time',
  'contention.cpu.wait',
  'contention.request.duration',
]);

function insertWindows(db, fleet, series, { startMs, nowMs }) {
  db.exec(
    'create temp table wanted (id integer primary key, is_histogram integer, raw integer, minutes integer)',
  );
  const wanted = db.prepare('insert into wanted values (?, ?, ?, ?)');
  for (const { id, resource, culprit, metric, isHistogram } of series) {
    const isCaused = Boolean(culprit?.isAsked) && CAUSED_METRICS.has(metric);
    const isQueue = resource.isNear && metric === 'contention.net.queue';
    const isNeeded =
      resource.isAsked ||
      isCaused ||
      (resource.isNear && NEIGHBOURS_METRICS.has(metric)) ||
      (resource.isPeer && PEERS_METRICS.has(metric));
    if (!isNeeded && !FILLER_METRICS.has(metric)) continue;
    wanted.run(
      id,
      Number(Boolean(isHistogram)),
      Number(Boolean(resource.isAsked || isCaused || isQueue)),
      Number(Boolean(isNeeded)),
    );
  }
  const minutesFromMs = Math.max(startMs, nowMs - 3 * DAY_MS);
  for (const { table, histogramTable, widthMs, packMs, isFine } of PACKED) {
    const which = isFine ? 'minutes = 1' : 'true';
    const insert = db.prepare(
      `insert into ${table} (series_id, start_ms, window_values) select id, ?, ? from wanted where ${which}`,
    );
    const insertHistograms = db.prepare(
      `insert into ${histogramTable} (series_id, start_ms, histograms)
       select id, ?, ? from wanted where is_histogram = 1 and ${which}`,
    );
    const fromMs = floor(isFine ? minutesFromMs : startMs, widthMs);
    const toMs = floor(nowMs, widthMs);
    for (let at = floor(fromMs, packMs); at < toMs; at += packMs) {
      const { values, histograms } = packOf(at, { widthMs, packMs }, [
        fromMs,
        toMs,
      ]);
      insert.run(at, values);
      insertHistograms.run(at, histograms);
    }
  }
  db.prepare(
    `insert into contention_minutes (series_id, start_ms, value, histogram)
     with recursive steps(at) as (
       values(@fromMs) union all select at + @widthMs from steps where at + @widthMs < @toMs
     )
     select id, at, @widthMs / 1000000.0 * (1 + (at / @widthMs) % 7), iif(is_histogram, @histogram, null)
     from wanted cross join steps where minutes = 1`,
  ).run({
    fromMs: floor(minutesFromMs, MINUTE_MS),
    toMs: floor(nowMs, MINUTE_MS),
    widthMs: MINUTE_MS,
    histogram: histogramOf(MINUTE_MS),
  });
  db.prepare(
    `insert into contention_points (series_id, end_ms, start_ms, value, histogram)
     with recursive steps(at) as (
       values(@fromMs) union all select at + 10000 from steps where at + 10000 < @toMs
     )
     select id, at + 10000, at, 0.01 * (1 + (at / 10000) % 7), iif(is_histogram, @histogram, null)
     from wanted cross join steps where raw = 1`,
  ).run({
    fromMs: floor(nowMs - 6 * HOUR_MS, 10_000),
    toMs: floor(nowMs, 10_000),
    histogram: histogramOf(10_000),
  });
  insertWorst(db, series, { startMs, nowMs });
}

/** A row of a packed level as the store writes it, the same for every series. */
function packOf(startMs, { widthMs, packMs }, [fromMs, toMs]) {
  const count = packMs / widthMs;
  const values = Buffer.alloc(count * 8);
  const histograms = new Array(count).fill('');
  for (let index = 0; index < count; index++) {
    const at = startMs + index * widthMs;
    const isThere = at >= fromMs && at < toMs;
    const value = (widthMs / 1_000_000) * (1 + ((at / widthMs) % 7));
    values.writeDoubleLE(isThere ? value : NaN, index * 8);
    if (isThere) histograms[index] = histogramOf(widthMs);
  }
  return { values, histograms: histograms.join('|') };
}

/** Of which agents tell worst cases. */
const WORST_METRICS = new Set([
  'contention.request.duration',
  'contention.cpu.wait',
]);

/** The slowest request of every interval, thinned out as the store does it. */
function insertWorst(db, series, { startMs, nowMs }) {
  const insert = db.prepare(
    `insert into contention_worst (series_id, end_ms, seconds, width_ms, culprit_id, attributes)
     with recursive steps(at) as (
       values(@fromMs) union all select at + @everyMs from steps where at + @everyMs < @toMs
     )
     select @id, at + 1234, 0.1 + (at / 1000 * 7919 % 1000) / 1000.0, @widthMs, @culpritId, @attributes from steps`,
  );
  const culprits = new Map(
    series
      .filter(({ culprit }) => culprit)
      .map(({ resource, culprit }) => [resource.id, culprit.id]),
  );
  const attributes = canonical({
    'network.peer.address': '10.0.0.7',
    'contention.part.work': 0.05,
    'contention.part.wait.container': 0.1,
    'contention.culprit.kind': 'container',
    'contention.culprit.same_pod': false,
  });
  const tiers = [
    [startMs, nowMs - 3 * DAY_MS, QUARTER_MS, QUARTER_MS],
    [nowMs - 3 * DAY_MS, nowMs - 6 * HOUR_MS, MINUTE_MS, MINUTE_MS],
    [nowMs - 6 * HOUR_MS, nowMs, 10_000, 0],
  ];
  for (const { id, resource, metric } of series) {
    if (!resource.isAsked || !WORST_METRICS.has(metric)) continue;
    const culpritId = culprits.get(resource.id) ?? null;
    for (const [fromMs, toMs, everyMs, widthMs] of tiers) {
      if (fromMs >= toMs) continue;
      insert.run({ id, fromMs, toMs, everyMs, widthMs, culpritId, attributes });
    }
  }
}

const floor = (ms, widthMs) => Math.floor(ms / widthMs) * widthMs;
