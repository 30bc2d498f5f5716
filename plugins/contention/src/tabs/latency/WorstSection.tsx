/** The slowest requests one by one, each with what it was made of. */
import { useMemo } from 'react';
import { Link } from '@backstage/core-components';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import {
  addressText,
  type LatencyReport,
  type WorstRequest,
} from 'backstage-plugin-contention-common';
import { PartsBar } from '../../charts/PartsBar';
import {
  formatAbsolute,
  formatDuration,
  formatMoment,
  formatShare,
  NOTHING,
} from '../../format';
import { useTabLink } from '../../report/links';
import { Moment } from '../../states/Moment';
import { workloadText } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { usePartWords } from '../../theme';
import { useWords } from '../../translation';
import { foldParts } from './foldParts';
import type { LatencyQuestion } from './useLatencyQuestion';
import { usePartLink } from './usePartLink';
import { CONTAINER_WORDS, isSelected, ROLE_WORDS } from './words';

/** As many parts are said in words; the bar has them all. */
const NAMED_PARTS = 2;

const useStyles = makeStyles(theme => ({
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  words: { marginTop: 4, fontSize: theme.typography.pxToRem(13) },
  made: { minWidth: 240 },
  took: { fontWeight: 600 },
  chip: { height: 20, fontSize: theme.typography.pxToRem(12), margin: 0 },
}));

export interface WorstSectionProps {
  report: LatencyReport;
  question: LatencyQuestion;
}

export function WorstSection({ report, question }: WorstSectionProps) {
  const t = useWords();
  const worst = useMemo(
    () => foldParts(report.requests.worst),
    [report.requests.worst],
  );
  const columns = useColumns(report, worst);
  return (
    <Section
      title={t('latency.worst')}
      subtitle={t(
        isSelected(question.selection)
          ? 'latency.worstHowSelected'
          : 'latency.worstHow',
      )}
    >
      {worst.length === 0 ? (
        t('latency.noneKept')
      ) : (
        <DataTable
          caption={t('latency.worst')}
          columns={columns}
          rows={worst}
          keyOf={({ key }) => key}
          atFirst={8}
        />
      )}
    </Section>
  );
}

function useColumns(
  report: LatencyReport,
  worst: readonly WorstRequest[],
): Array<Column<WorstRequest>> {
  const classes = useStyles();
  const t = useWords();
  const { role } = report.requests;
  const slowest = Math.max(...worst.map(row => row.durationSeconds), 0);
  return [
    {
      title: t('latency.ended'),
      header: true,
      nowrap: true,
      cell: ({ at }) => (
        <Moment at={at}>
          <span title={formatAbsolute(at)}>{formatMoment(at)}</span>
        </Moment>
      ),
    },
    {
      title: t('latency.took'),
      numeric: true,
      cell: ({ durationSeconds, estimated }) => (
        <>
          <span className={classes.took}>
            {formatDuration(durationSeconds)}
          </span>
          {estimated && (
            <div>
              <Chip
                className={classes.chip}
                size="small"
                variant="outlined"
                label={t('latency.estimated')}
                title={t('latency.exchange')}
              />
            </div>
          )}
        </>
      ),
    },
    {
      title: t('latency.madeOf'),
      width: '46%',
      cell: row => (
        <div className={classes.made}>
          <PartsBar
            parts={row.parts}
            height={12}
            length={row.durationSeconds / slowest}
            label={formatDuration(row.durationSeconds)}
          />
          <MainParts
            row={row}
            className={classes.words}
            entityRef={report.entity.entityRef}
          />
        </div>
      ),
    },
    {
      title: t(ROLE_WORDS[role].peer),
      nowrap: true,
      cell: ({ peer }) => <Peer peer={peer} />,
    },
    {
      title: t('report.container'),
      nowrap: true,
      cell: ({ workload, containerRole }) => (
        <>
          {workloadText(workload) ?? NOTHING}
          <div className={classes.small}>
            {workload.node}
            {containerRole !== 'app' &&
              `, ${t(CONTAINER_WORDS[containerRole])}`}
          </div>
        </>
      ),
    },
  ];
}

/** The largest parts in words, and for whom it waited most. */
function MainParts(props: {
  row: WorstRequest;
  className: string;
  entityRef: string;
}) {
  const { row, className, entityRef } = props;
  const t = useWords();
  const { partWords } = usePartWords();
  const linkOf = usePartLink(entityRef);
  const { culprit } = row;
  const to = culprit && linkOf({ part: 'wait', party: culprit });
  return (
    <div className={className}>
      {row.parts
        .slice(0, NAMED_PARTS)
        .map(part => `${formatShare(part.share)} ${partWords(part)}`)
        .join(', ')}
      {culprit?.relation === 'neighbour' && (
        <>
          ;{' '}
          {t('latency.mostlyRan', {
            culprit: (
              <strong>
                {to ? <Link to={to}>{culprit.name}</Link> : culprit.name}
              </strong>
            ),
          })}
        </>
      )}
    </div>
  );
}

function Peer({ peer }: Pick<WorstRequest, 'peer'>) {
  const classes = useStyles();
  const tabLink = useTabLink();
  if (!peer) return <>{NOTHING}</>;
  const { address, port, party } = peer;
  const [entity] = party?.entities ?? [];
  const where = addressText(address, port);
  if (!party) return <>{where}</>;
  return (
    <>
      {entity ? (
        <Link to={tabLink(entity.entityRef, 'latency')}>{entity.title}</Link>
      ) : (
        party.name
      )}
      <div className={classes.small}>{where}</div>
    </>
  );
}
