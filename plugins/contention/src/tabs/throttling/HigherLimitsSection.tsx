/**
 * What a higher limit would change: of each limit that stopped it, the stopped time that would surely be gone. Never a single
 * figure of what would be left: how much stopped work was left to do is not known to anybody.
 */
import {
  NEARLY_ALL_GONE_SHARE,
  type ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import {
  formatAbsolute,
  formatCpus,
  formatDuration,
  formatMoment,
  formatShare,
  shareAtLeast,
} from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { levelColour, useMode } from '../../theme';
import { useWords } from '../../translation';
import { useQuotaName, type Quota } from './words';

type Higher = NonNullable<Quota['higherLimits']>;

interface Row {
  quota: Quota;
  limit: Higher['limits'][number];
}

/** Where no limit is sure to take away so much, what is sure helps nobody to choose one. */
const WORTH_SAYING = 0.1;

/** A service may have hundreds of pods, each with limits; the worst are first. */
const MAX_TOLD = 3;
const ROWS_AT_FIRST = 15;

export function HigherLimitsSection({ report }: { report: ThrottlingReport }) {
  const mode = useMode();
  const t = useWords();
  const quotaName = useQuotaName();
  const quotas = report.quotas.flatMap(quota =>
    quota.higherLimits ? [{ quota, higher: quota.higherLimits }] : [],
  );
  if (quotas.length === 0) return null;
  const title = t('throttling.higher');
  const rows = quotas
    .filter(({ higher }) => isWorthSaying(higher))
    .flatMap(({ quota, higher }) =>
      higher.limits.map((limit): Row => ({ quota, limit })),
    );
  const columns: Array<Column<Row>> = [
    {
      title: t('throttling.higherLimit'),
      header: true,
      nowrap: true,
      cell: ({ limit }) => formatCpus(limit.limitCpus),
    },
    {
      title: t('throttling.limitOf'),
      cell: ({ quota }) => (
        <span title={workloadText(quota.workload)}>{quotaName(quota)}</span>
      ),
    },
    {
      title: t('throttling.higherGone'),
      width: '35%',
      cell: ({ quota, limit }) => (
        <ShareBar
          share={shareAtLeast(limit.goneShareAtLeast)}
          swatch={{ colour: levelColour(quota.level, mode), hatched: false }}
        />
      ),
    },
    {
      title: t('throttling.higherLeft'),
      numeric: true,
      cell: ({ limit }) => formatDuration(limit.stoppedSecondsAtMost),
    },
  ];
  return (
    <Section title={title} subtitle={t('throttling.higherHow')}>
      {quotas.slice(0, MAX_TOLD).map(({ quota, higher }) => (
        <Told key={quota.key} quota={quota} higher={higher} />
      ))}
      {rows.length > 0 && (
        <DataTable
          caption={title}
          columns={columns}
          rows={rows}
          atFirst={ROWS_AT_FIRST}
          keyOf={({ quota, limit }) => `${quota.key} ${limit.limitCpus}`}
        />
      )}
      {report.quotas.length > 1 && (
        <p style={{ maxWidth: '90ch', marginBottom: 0 }}>
          {t('throttling.higherAlone')}
        </p>
      )}
    </Section>
  );
}

function isWorthSaying({ limits }: Higher): boolean {
  return limits.some(
    ({ goneShareAtLeast }) => goneShareAtLeast >= WORTH_SAYING,
  );
}

/** The least limit that is nearly enough, or else the highest. */
function Told({ quota, higher }: { quota: Quota; higher: Higher }) {
  const t = useWords();
  const quotaName = useQuotaName();
  const { limits, since, stoppedSeconds, periodSeconds } = higher;
  const told =
    limits.find(
      ({ goneShareAtLeast }) => goneShareAtLeast >= NEARLY_ALL_GONE_SHARE,
    ) ?? limits[limits.length - 1];
  return (
    <p style={{ maxWidth: '90ch', marginTop: 0 }}>
      {isWorthSaying(higher)
        ? t('throttling.higherSentence', {
            quota: quotaName(quota),
            limit: formatCpus(quota.limitCpus),
            higher: formatCpus(told.limitCpus),
            share: formatShare(shareAtLeast(told.goneShareAtLeast)),
            stopped: formatDuration(stoppedSeconds),
            period: formatDuration(periodSeconds),
          })
        : t('throttling.higherUnknown', {
            quota: quotaName(quota),
            limit: formatCpus(quota.limitCpus),
            higher: formatCpus(told.limitCpus),
            stopped: formatDuration(stoppedSeconds),
          })}
      {since !== undefined && (
        <span title={formatAbsolute(since)}>
          {' '}
          {t('throttling.higherSince', { since: formatMoment(since) })}
        </span>
      )}
    </p>
  );
}
