/**
 * Noisy neighbours: who ran while this entity waited, or who waited while it ran; and whose packets were ahead of its own in
 * queues, or behind them.
 */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import type {
  Direction,
  NeighboursReport,
  NetworkQueue,
  Resource,
} from 'backstage-plugin-contention-common';
import { formatBandwidth, formatDuration, formatShare } from '../../format';
import type { Figure } from '../../report/Figures';
import { ReportPage } from '../../report/ReportPage';
import { useRecord, useReports } from '../../report/ReportSource';
import { ApartTable } from './ApartTable';
import { CulpritsTable } from './CulpritsTable';
import { NetworkSections } from './NetworkSections';
import { NodesSection } from './NodesSection';
import { otherSide, viewParams } from './words';
import { Switches } from './Switches';
import { useWords, type Words } from '../../translation';
import { WaitingSection } from './WaitingSection';

export function NeighboursTab() {
  const reports = useReports();
  const t = useWords();
  const [params, setParams] = useSearchParams();
  const direction: Direction =
    params.get('direction') === 'caused' ? 'caused' : 'suffered';
  const hasNetwork = useRecord()?.resources.includes('network') ?? true;
  const resource: Resource =
    hasNetwork && params.get('resource') === 'network' ? 'network' : 'cpu';
  const show = useCallback(
    (nextDirection: Direction, nextResource: Resource) =>
      setParams(previous => {
        const changed = new URLSearchParams(previous);
        changed.delete('direction');
        changed.delete('resource');
        const wanted = viewParams(nextDirection, nextResource);
        for (const [key, value] of Object.entries(wanted)) {
          changed.set(key, value);
        }
        return changed;
      }),
    [setParams],
  );
  return (
    <ReportPage<NeighboursReport>
      tab="neighbours"
      aspect={`${direction} ${resource}`}
      elsewhere={otherSide(direction, resource)}
      controls={() => (
        <Switches
          direction={direction}
          onDirection={next => show(next, resource)}
          resource={resource}
          onResource={next => show(direction, next)}
          hasNetwork={hasNetwork}
        />
      )}
      ask={(entityRef, request, signal) =>
        reports.neighbours(entityRef, request, {
          direction,
          resource,
          signal,
        })
      }
      known={report => [
        ...[...report.layers, ...report.layersApart, ...report.nodes].map(
          ({ values }) => values,
        ),
      ]}
      figures={report => totals(report, t)}
    >
      {report => (
        <>
          {isShown(report) && (
            <>
              <WaitingSection report={report} />
              <CulpritsTable report={report} />
              <ApartTable report={report} />
              <NodesSection report={report} />
            </>
          )}
          <NetworkSections report={report} />
        </>
      )}
    </ReportPage>
  );
}

/** Of a network that was not measured, empty charts would look like good news. */
function isShown({ network, culprits }: NeighboursReport): boolean {
  return (
    !network || network.presence.state === 'measured' || culprits.length > 0
  );
}

function totals(report: NeighboursReport, t: Words): Figure[] {
  const { total, direction, network } = report;
  if (network) return queueTotals(total, network, direction, t);
  if (direction === 'caused') {
    return [
      {
        name: t('neighbours.neighbourSecondsCaused'),
        value: formatDuration(total.neighbourSeconds),
      },
      {
        name: t('neighbours.ranForCaused'),
        value: formatDuration(total.cpuSeconds),
      },
    ];
  }
  return [
    {
      name: t('neighbours.waitSeconds'),
      value: formatDuration(total.waitSeconds),
    },
    {
      name: t('neighbours.waitShare'),
      value: formatShare(total.waitShare),
    },
    {
      name: t('neighbours.neighbourShare'),
      value: formatShare(total.neighbourShare),
    },
    { name: t('neighbours.ranFor'), value: formatDuration(total.cpuSeconds) },
  ];
}

function queueTotals(
  total: NeighboursReport['total'],
  { presence, distribution, transmitMean }: NetworkQueue,
  direction: Direction,
  t: Words,
): Figure[] {
  const sent =
    transmitMean === undefined
      ? []
      : [
          {
            name: t('neighbours.itSent'),
            value: formatBandwidth(transmitMean),
          },
        ];
  if (direction === 'caused') {
    return [
      {
        name: t('neighbours.othersStoodP99'),
        value: formatDuration(distribution.p99Seconds),
      },
      ...sent,
    ];
  }
  return presence.state === 'measured'
    ? [
        {
          name: t('neighbours.stoodMedian'),
          value: formatDuration(distribution.p50Seconds),
        },
        {
          name: t('neighbours.stoodP99'),
          value: formatDuration(distribution.p99Seconds),
        },
        {
          name: t('neighbours.stoodShare'),
          value: formatShare(total.neighbourShare),
        },
        ...sent,
      ]
    : sent;
}
