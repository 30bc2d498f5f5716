/** One record for everything that a record's page can be. Their ids say what they show. */
import type { Evidence } from 'backstage-plugin-contention-common';
import type { Reports } from '../../report/ReportSource';
import { entityLink } from '../parties';
import { hourOf, recordOf, replyFor } from './record';

const DAY_MS = 24 * 3_600_000;

const idOf = (digits: string) => digits.padEnd(32, '0');

/** As the last part of `/contention/evidence/<id>`. */
export const EVIDENCE_IDS = {
  /** By hand, with a note, an incident and a reply. */
  manual: idOf('a1'),
  /** A link was opened; the reader owns who is accused. */
  mayReply: idOf('a2'),
  /** An incident was reported; some names are hidden. */
  redacted: idOf('a3'),
  /** Changed in the database. */
  altered: idOf('a4'),
  /** Its entity was renamed since. */
  renamed: idOf('a5'),
  /** Texts that would like to be markup. */
  hostile: idOf('a6'),
  /** Of an entity whose data is gone. */
  archive: idOf('a7'),
  forbidden: idOf('e1'),
  failed: idOf('e2'),
  slow: idOf('e3'),
  /** Is not there. */
  missing: idOf('e4'),
} as const;

const WEBHOOK = {
  origin: 'webhook',
  createdBy: { title: 'PagerDuty' },
} as const;

const LINK = { origin: 'link' } as const;

/** `reportsAt`: what the fixtures showed at a moment; each record is of the hour before. */
export async function storyRecords(
  reportsAt: (atMs: number) => Reports,
  nowMs: number,
): Promise<Evidence[]> {
  const checkout = 'component:default/checkout';
  const of = (
    id: string,
    entityRef: string,
    daysAgo: number,
    about: Partial<Evidence>,
  ) => {
    const range = hourOf(nowMs, daysAgo);
    return recordOf(reportsAt(range.to), {
      id,
      entityRef,
      range,
      createdAt: nowMs - daysAgo * DAY_MS + 600_000,
      about,
    });
  };
  const manual = await of(EVIDENCE_IDS.manual, checkout, 40, {
    title: 'Checkout slow during the sale',
    note: 'Paged at 10:05. Moved batch-report to the night pool at 10:40.\nCustomers saw timeouts in the payment step.',
    incidentUrl: 'https://incidents.example.com/INC-4711',
    mayDelete: true,
  });
  const reply = replyFor(
    manual,
    'batch-report',
    'data',
    manual.createdAt + DAY_MS,
    'We asked for 2 CPUs and used 1.4: we stayed within our request.\nThe node was packed too full; see CAP-221.',
  );
  const renamed = await of(EVIDENCE_IDS.renamed, checkout, 200, {
    title: 'Before the move to the new cluster',
    mayDelete: true,
    entityExists: false,
  });
  const archived = await of(EVIDENCE_IDS.archive, checkout, 40, {
    ...LINK,
    title: 'archive',
  });
  return [
    { ...manual, replies: [reply], replyCount: 1 },
    await of(EVIDENCE_IDS.mayReply, checkout, 12, {
      ...LINK,
      title: 'checkout',
      mayReplyFor: [
        entityLink('batch-report', 'data'),
        entityLink('nightly-etl', 'data'),
      ],
    }),
    await of(EVIDENCE_IDS.redacted, 'component:default/inventory', 5, {
      ...WEBHOOK,
      title: 'inventory: latency SLO burns fast',
      incidentUrl: 'https://incidents.example.com/INC-4802',
      redacted: true,
    }),
    await of(EVIDENCE_IDS.altered, checkout, 3, {
      title: 'Checkout slow again',
      integrity: {
        state: 'altered',
        problems: [
          'The hash of the stored record is not the hash that was stored with it.',
        ],
      },
    }),
    called(renamed, 'checkout', 'cashier'),
    called(archived, 'checkout', 'archive'),
    await of(EVIDENCE_IDS.hostile, checkout, 2, {
      title: '<img src=x onerror=alert(1)> **bold** \u202Egnp.exe',
      note: '<script>alert("note")</script>\n[click](javascript:alert(1))\n\u202Ereversed',
      // A record that a careless backend let through: no schema of ours takes it.
      // eslint-disable-next-line no-script-url
      incidentUrl: 'javascript:alert(document.domain)',
      createdBy: { title: '<b>Mallory</b>' },
      replies: [
        replyFor(
          manual,
          'batch-report',
          'data',
          nowMs - DAY_MS,
          '<iframe src="https://example.com"></iframe> \u202Ereply',
        ),
      ],
      replyCount: 1,
    }),
  ];
}

/** The same record under the name that its entity had then. */
function called(record: Evidence, name: string, then: string): Evidence {
  return JSON.parse(JSON.stringify(record).replaceAll(name, then));
}
