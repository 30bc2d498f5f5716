/** Noisy neighbours: who ran while this entity waited, or who waited while it ran. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import type {
  Direction,
  NeighboursReport,
} from 'backstage-plugin-contention-common';
import { formatDuration, formatShare } from '../../format';
import type { Figure } from '../../report/Figures';
import { ReportPage } from '../../report/ReportPage';
import { useReports } from '../../report/ReportSource';
import { ApartTable } from './ApartTable';
import { CulpritsTable } from './CulpritsTable';
import { NodesSection } from './NodesSection';
import { otherSide } from './words';
import { Switches } from './Switches';
import { useWords, type Words } from '../../translation';
import { WaitingSection } from './WaitingSection';

export function NeighboursTab() {
  const reports = useReports();
  const t = useWords();
  const [params, setParams] = useSearchParams();
  const direction: Direction =
    params.get('direction') === 'caused' ? 'caused' : 'suffered';
  const setDirection = useCallback(
    (next: Direction) =>
      setParams(previous => {
        const changed = new URLSearchParams(previous);
        if (next === 'caused') changed.set('direction', next);
        else changed.delete('direction');
        return changed;
      }),
    [setParams],
  );
  return (
    <ReportPage<NeighboursReport>
      tab="neighbours"
      aspect={direction}
      elsewhere={otherSide(direction)}
      controls={() => (
        <Switches direction={direction} onDirection={setDirection} />
      )}
      ask={(entityRef, request, signal) =>
        reports.neighbours(entityRef, request, { direction, signal })
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
          <WaitingSection report={report} />
          <CulpritsTable report={report} />
          <ApartTable report={report} />
          <NodesSection report={report} />
        </>
      )}
    </ReportPage>
  );
}

function totals({ total, direction }: NeighboursReport, t: Words): Figure[] {
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
