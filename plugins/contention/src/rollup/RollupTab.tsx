/** A system, a domain or a team: who made its services wait, or whom they made wait, added up over all of them. */
import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { useSearchParams } from 'react-router-dom';
import type {
  Direction,
  PairsReport,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../api';
import { formatCount, formatDuration, formatShare } from '../format';
import type { Figure } from '../report/Figures';
import { ReportPage } from '../report/ReportPage';
import { useWords, type Words } from '../translation';
import { ResourceSwitch } from '../report/ResourceSwitch';
import { resourceParams, useResource } from '../report/useResource';
import { DirectionSwitch } from './DirectionSwitch';
import { MembersTable } from './MembersTable';
import { PairsTable } from './PairsTable';
import { TrendSection } from './TrendSection';

/** On the page of who ran one wants to see whom it held up; on that of who waited, the opposite. */
function sideOf(
  entityRef: string,
  report: PairsReport,
): Record<string, string> {
  const ran = report.pairs.some(({ culprit }) =>
    culprit.entities.some(entity => entity.entityRef === entityRef),
  );
  const waited = report.pairs.some(({ victim }) =>
    victim.entities.some(entity => entity.entityRef === entityRef),
  );
  const isCulprit = ran && (!waited || report.direction === 'caused');
  return {
    ...(isCulprit ? { direction: 'caused' } : {}),
    ...resourceParams(report.resource),
  };
}

const useStyles = makeStyles(theme => ({
  switches: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 2) },
}));

export function RollupTab() {
  const classes = useStyles();
  const api = useApi(contentionApiRef);
  const t = useWords();
  const [params, setParams] = useSearchParams();
  const direction: Direction =
    params.get('direction') === 'caused' ? 'caused' : 'suffered';
  const { resource, setResource } = useResource();
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
    <ReportPage<PairsReport>
      tab="neighbours"
      isInNoRecord
      aspect={`${direction} ${resource}`}
      elsewhere={sideOf}
      controls={() => (
        <div className={classes.switches}>
          <DirectionSwitch direction={direction} onDirection={setDirection} />
          <ResourceSwitch resource={resource} onResource={setResource} />
        </div>
      )}
      ask={(entityRef, request, signal) =>
        api.pairs(entityRef, request, { direction, resource, signal })
      }
      known={report => report.layers.map(({ values }) => values)}
      figures={report =>
        report.axis.startsMs.length > 0 ? totals(report, t) : []
      }
    >
      {report => (
        <>
          {report.axis.startsMs.length > 0 && (
            <>
              <TrendSection report={report} />
              <PairsTable report={report} />
            </>
          )}
          <MembersTable report={report} />
        </>
      )}
    </ReportPage>
  );
}

function totals(report: PairsReport, t: Words): Figure[] {
  const { total, direction, resource } = report;
  if (resource === 'network') return queueTotals(report, t);
  const own = [
    { name: t('rollup.waitSeconds'), value: formatDuration(total.waitSeconds) },
    { name: t('rollup.waitShare'), value: formatShare(total.waitShare) },
  ];
  return [
    {
      name: t('rollup.neighbourSeconds'),
      value: formatDuration(total.neighbourSeconds),
    },
    ...(direction === 'suffered' ? own : []),
    { name: t('rollup.pairsCount'), value: formatCount(total.pairs) },
  ];
}

function queueTotals({ total, direction }: PairsReport, t: Words): Figure[] {
  const { packets = 0, waitSeconds, neighbourSeconds } = total;
  const pairs = {
    name: t('rollup.queuePairsCount'),
    value: formatCount(total.pairs),
  };
  if (direction === 'caused') return [pairs];
  return [
    {
      name: t('rollup.stoodMean'),
      value: formatDuration(packets > 0 ? waitSeconds / packets : undefined),
    },
    {
      name: t('neighbours.stoodShare'),
      value: formatShare(
        waitSeconds > 0
          ? Math.min(1, neighbourSeconds / waitSeconds)
          : undefined,
      ),
    },
    { name: t('nodes.packetsPassed'), value: formatCount(packets) },
    pairs,
  ];
}
