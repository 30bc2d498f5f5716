/**
 * `/contention/nodes/<cluster>/<node>`: who lives on one node, and who waits there while who runs; or whose packets stand in
 * queues behind whose.
 */
import { useCallback, useMemo, useRef } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { useRouteRefParams } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type {
  NodeNetwork,
  NodeReport,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { CursorProvider } from '../../charts/Cursor';
import {
  formatCount,
  formatCpus,
  formatDuration,
  formatShare,
} from '../../format';
import { isLive, requestedRange, resolveRange } from '../../range/range';
import { refreshEveryMs } from '../../range/refreshEvery';
import { Toolbar } from '../../range/Toolbar';
import { useRange } from '../../range/useRange';
import { ConfidencePanel } from '../../report/ConfidencePanel';
import { drawnRange } from '../../report/drawnRange';
import { Figures, type Figure } from '../../report/Figures';
import { useTabLink } from '../../report/links';
import { ReportContextProvider } from '../../report/ReportContext';
import { ResourceSwitch } from '../../report/ResourceSwitch';
import { useReport } from '../../report/useReport';
import { resourceParams, useResource } from '../../report/useResource';
import { VerdictBanner } from '../../report/VerdictBanner';
import { NoDataState, PartlyFailedBanner, StaleBanner } from '../../states';
import { nodeRouteRef } from '../../routes';
import { useWords, type Words } from '../../translation';
import { SubPage } from '../SubPage';
import { PresenceState } from '../../tabs/neighbours/NetworkSections';
import { ReceiveSection } from '../../tabs/neighbours/ReceiveSection';
import { CapacitySection } from './CapacitySection';
import { DEVICE, DeviceSelect, useDevice } from './DeviceSelect';
import { DevicesSection } from './DevicesSection';
import { MatrixSection } from './MatrixSection';
import { PageAnswer } from './PageAnswer';
import { ResidentsSection } from './ResidentsSection';
import { TimeSection } from './TimeSection';
import { useChosen } from './useChosen';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    fontFamily: theme.typography.fontFamily,
    paddingBottom: theme.spacing(4),
  },
  switches: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
}));

export function NodePage() {
  const { cluster, node } = useRouteRefParams(nodeRouteRef);
  const t = useWords();
  const classes = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const api = useApi(contentionApiRef);
  const range = useRange(`node:${cluster}/${node}`);
  const { spec, change } = range;
  const { resource, setResource } = useResource([DEVICE]);
  const [interfaceName, setInterfaceName] = useDevice(resource);
  const live = isLive(spec);
  const refreshMs = live ? refreshEveryMs(spec) : undefined;
  const answer = useReport<NodeReport>({
    subject: JSON.stringify([cluster, node]),
    range: JSON.stringify([spec, resource, interfaceName]),
    ask: signal =>
      api.node({ cluster, node }, requestedRange(spec, Date.now()), {
        resource,
        interfaceName,
        signal,
      }),
    refreshMs,
  });
  const { report, isCatchingUp } = answer;
  const shown = useMemo(
    () => report?.range ?? resolveRange(spec, Date.now()),
    [report, spec],
  );
  const drawn = useMemo(
    () =>
      report && live
        ? drawnRange(
            shown,
            report.axis,
            [...report.layers, ...report.layersApart].map(
              ({ values }) => values,
            ),
          )
        : shown,
    [report, live, shown],
  );
  const zoomTo = change?.zoomTo;
  const page = useMemo(
    () => ({ shown, drawn, isCatchingUp, zoomTo }),
    [shown, drawn, isCatchingUp, zoomTo],
  );
  return (
    <ReportContextProvider value={page}>
      <CursorProvider>
        <SubPage title={node} subtitle={cluster}>
          <div ref={root} className={classes.root} aria-busy={answer.loading}>
            {change && (
              <Toolbar
                range={{ ...range, cluster: undefined }}
                change={change}
                shown={shown}
                clusters={[]}
                freshness={report?.freshness}
                receivedAtMs={answer.receivedAtMs}
                refreshMs={refreshMs}
                loading={answer.loading}
                onRefresh={answer.refresh}
                shared={
                  report && report.status.state === 'ok'
                    ? {
                        title: node,
                        view: t('nodes.oneNode', { cluster }),
                        verdict: report.verdict,
                        figures: totals(report, t),
                      }
                    : undefined
                }
                page={() => root.current}
              />
            )}
            <div className={classes.switches}>
              <ResourceSwitch resource={resource} onResource={setResource} />
              <DeviceSelect
                report={report}
                device={interfaceName}
                onDevice={setInterfaceName}
              />
            </div>
            <PageAnswer answer={answer} name={node}>
              {(current, hasFailed) => (
                <OneNode
                  report={current}
                  outdated={current.freshness.stale || (live && hasFailed)}
                  onZoom={zoomTo}
                />
              )}
            </PageAnswer>
          </div>
        </SubPage>
      </CursorProvider>
    </ReportContextProvider>
  );
}

function OneNode(props: {
  report: NodeReport;
  outdated: boolean;
  onZoom?(fromMs: number, toMs: number): void;
}) {
  const { report, outdated, onZoom } = props;
  const { status, verdict, freshness, problems, range, resource } = report;
  const { network } = report;
  const t = useWords();
  const tabLink = useTabLink();
  const linkTo = useCallback(
    (entityRef: string) =>
      tabLink(entityRef, 'neighbours', resourceParams(resource)),
    [tabLink, resource],
  );
  const { chosen, choose } = useChosen(range);
  const zoom = useCallback(
    (fromMs: number, toMs: number) => onZoom?.(fromMs, toMs),
    [onZoom],
  );
  if (status.state === 'no-data') {
    return (
      <NoDataState
        name={report.node}
        shown={range}
        nearest={status.nearest}
        onShow={onZoom}
      />
    );
  }
  return (
    <>
      {problems.length > 0 && <PartlyFailedBanner problems={problems} />}
      {freshness.stale && <StaleBanner freshness={freshness} />}
      <VerdictBanner verdict={verdict} outdated={outdated} linkTo={linkTo}>
        <Figures of={range} figures={totals(report, t)} />
      </VerdictBanner>
      {network && <PresenceState network={network} />}
      {(!network || network.presence.state === 'measured') && (
        <>
          <TimeSection
            report={report}
            chosen={chosen}
            choose={choose}
            onZoom={zoom}
          />
          <MatrixSection report={report} chosen={chosen} />
        </>
      )}
      {network && <DevicesSection queues={network.queues} />}
      <ResidentsSection report={report} />
      {network && <ReceiveSection receive={network.receive} />}
      <CapacitySection report={report} />
      <ConfidencePanel confidence={report.confidence} />
    </>
  );
}

function totals(report: NodeReport, t: Words): Figure[] {
  const { total, capacity, network } = report;
  if (network) return queueTotals(report, network, t);
  const share = (part: number, whole: number) =>
    whole > 0 ? formatShare(Math.min(1, part / whole)) : formatShare(undefined);
  return [
    { name: t('nodes.waited'), value: formatDuration(total.waitSeconds) },
    {
      name: t('nodes.waitedShare'),
      value: share(total.waitSeconds, total.wantedSeconds),
    },
    {
      name: t('nodes.waitedCrowded'),
      value: share(total.crowdedSeconds, total.waitSeconds),
    },
    { name: t('nodes.busy'), value: formatCpus(capacity.cpuMean) },
  ];
}

function queueTotals(
  { total }: NodeReport,
  { presence }: NodeNetwork,
  t: Words,
): Figure[] {
  if (presence.state !== 'measured') return [];
  const { packets } = presence;
  const share =
    total.waitSeconds > 0 && total.crowdedSeconds / total.waitSeconds;
  return [
    {
      name: t('nodes.stoodMean'),
      value: formatDuration(total.waitSeconds / packets),
    },
    {
      name: t('neighbours.stoodShare'),
      value: formatShare(share === false ? undefined : Math.min(1, share)),
    },
    { name: t('nodes.packetsPassed'), value: formatCount(packets) },
  ];
}
