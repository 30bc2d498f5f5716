/** Who lives on a node: what they use and asked for, how long they wait, and how long others wait while they run. */
import type { NodeReport, Resident } from 'backstage-plugin-contention-common';
import { makeStyles } from '@material-ui/core/styles';
import {
  formatBandwidth,
  formatCpus,
  formatDuration,
  formatShare,
} from '../../format';
import { useTabLink } from '../../report/links';
import { resourceParams } from '../../report/useResource';
import { Owners } from '../../report/Owners';
import { PartyName } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';
import { entitlementKey } from './entitlement';

const useStyles = makeStyles(theme => ({
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
}));

export function ResidentsSection({ report }: { report: NodeReport }) {
  const classes = useStyles();
  const t = useWords();
  const tabLink = useTabLink();
  const { resource, total } = report;
  const isCpu = resource === 'cpu';
  const ofCpu: Column<Resident>[] = [
    {
      title: t('nodes.waiting'),
      numeric: true,
      cell: ({ waitSeconds, waitShare }) => (
        <>
          {formatDuration(waitSeconds)}
          <div className={classes.small}>{formatShare(waitShare)}</div>
        </>
      ),
    },
    {
      title: t('nodes.caused'),
      numeric: true,
      cell: ({ causedSeconds }) => formatDuration(causedSeconds),
    },
    {
      title: t('nodes.cpu'),
      cell: ({ cpuMean, cpuRequest, entitlement }) => (
        <>
          {formatCpus(cpuMean)}
          {cpuRequest !== undefined && ` / ${formatCpus(cpuRequest)}`}
          <div className={classes.small}>
            {t(
              entitlement === 'within'
                ? 'nodes.withinIt'
                : entitlementKey(entitlement),
            )}
          </div>
        </>
      ),
    },
    {
      title: t('nodes.limit'),
      numeric: true,
      cell: ({ cpuLimit }) =>
        cpuLimit === undefined ? t('nodes.noLimit') : formatCpus(cpuLimit),
    },
  ];
  const ofNetwork: Column<Resident>[] = [
    {
      title: t('nodes.delay'),
      numeric: true,
      cell: ({ delaySeconds }) => formatDuration(delaySeconds),
    },
    {
      title: t('nodes.othersBehind'),
      numeric: true,
      cell: ({ causedSeconds }) =>
        formatShare(
          total.crowdedSeconds > 0
            ? Math.min(1, causedSeconds / total.crowdedSeconds)
            : undefined,
        ),
    },
    {
      title: t('nodes.sentMean'),
      numeric: true,
      cell: ({ transmitMean }) => formatBandwidth(transmitMean),
    },
    {
      title: t('nodes.receivedMean'),
      numeric: true,
      cell: ({ receiveMean }) => formatBandwidth(receiveMean),
    },
  ];
  return (
    <Section
      title={t('nodes.residentsTitle')}
      subtitle={t(isCpu ? 'nodes.residentsSubtitle' : 'nodes.residentsQueues')}
    >
      <DataTable<Resident>
        caption={t('nodes.residentsTitle')}
        columns={[
          {
            title: t('nodes.name'),
            header: true,
            cell: ({ party }) => (
              <PartyName
                party={party}
                linkTo={ref =>
                  tabLink(ref, 'neighbours', resourceParams(resource))
                }
              />
            ),
          },
          {
            title: t('nodes.owner'),
            nowrap: true,
            cell: ({ party }) => <Owners entities={party.entities} />,
          },
          {
            title: t('nodes.pods'),
            numeric: true,
            cell: ({ pods }) => pods,
          },
          ...(isCpu ? ofCpu : ofNetwork),
        ]}
        rows={report.residents}
        keyOf={({ party }) => party.key}
        atFirst={12}
      />
    </Section>
  );
}
