/** Whom the service calls, who calls it, and how their connections fare: the sentence, a map, and tables. */
import { useState } from 'react';
import Button from '@material-ui/core/Button';
import Skeleton from '@material-ui/lab/Skeleton';
import Alert from '@material-ui/lab/Alert';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import type { PeersReport } from 'backstage-plugin-contention-common';
import { formatCount } from '../../../format';
import { describeFailure } from '../../../report/failure';
import { useTabLink } from '../../../report/links';
import { useReportPage } from '../../../report/ReportContext';
import { useReports } from '../../../report/ReportSource';
import { useReport, type ReportAnswer } from '../../../report/useReport';
import { Sentence } from '../../../sentence/Sentence';
import { PartlyFailedBanner } from '../../../states';
import { Section } from '../../../tables/Section';
import { useToggleStyles } from '../../../theme';
import { useWords } from '../../../translation';
import { MapTable } from './MapTable';
import { NameServersTable } from './NameServersTable';
import { PeersMap } from './PeersMap';
import { PeersTable } from './PeersTable';
import { useTroubleColour } from './Troubles';

const useStyles = makeStyles(theme => ({
  finding: {
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'flex-start',
    fontSize: theme.typography.pxToRem(16),
    lineHeight: 1.45,
    maxWidth: '100ch',
    margin: theme.spacing(0, 0, 2),
  },
  icon: { flex: 'none', marginTop: 1 },
  choice: { marginBottom: theme.spacing(1.5), flexWrap: 'wrap' },
  banner: { marginBottom: theme.spacing(2) },
  more: { margin: theme.spacing(1, 0, 0), color: theme.palette.text.secondary },
}));

export interface PeersSectionProps {
  entityRef: string;
}

export default function PeersSection({ entityRef }: PeersSectionProps) {
  const t = useWords();
  const { peers } = useReports();
  return peers ? (
    <Asked entityRef={entityRef} ask={peers} />
  ) : (
    <Section title={t('peers.title')}>{t('peers.notInRecord')}</Section>
  );
}

function Asked(
  props: PeersSectionProps & {
    ask: NonNullable<ReturnType<typeof useReports>['peers']>;
  },
) {
  const { entityRef, ask } = props;
  const { shown, cluster } = useReportPage();
  const answer = useReport<PeersReport>({
    subject: [entityRef, cluster].join(' '),
    range: JSON.stringify(shown),
    ask: signal => ask(entityRef, { ...shown, cluster }, { signal }),
  });
  return <Answered answer={answer} />;
}

function Answered({ answer }: { answer: ReportAnswer<PeersReport> }) {
  const classes = useStyles();
  const t = useWords();
  const { report, error, refresh } = answer;
  const failure = error === undefined ? undefined : describeFailure(error);
  if (!report && failure) {
    return (
      <Section title={t('peers.title')}>
        <Alert
          severity="error"
          variant="outlined"
          action={
            <Button size="small" onClick={refresh}>
              {t('states.tryAgain')}
            </Button>
          }
        >
          {t('peers.failed')}: {failure.what}
        </Alert>
      </Section>
    );
  }
  if (!report) {
    return (
      <Section title={t('peers.title')}>
        <div role="status" aria-label={t('peers.loading')}>
          <Skeleton variant="rect" height={180} />
          {[0, 1, 2].map(row => (
            <Skeleton key={row} height={36} />
          ))}
        </div>
      </Section>
    );
  }
  return (
    <>
      {failure && (
        <Alert severity="warning" variant="outlined" className={classes.banner}>
          {t('peers.newestFailed')} {failure.what}
        </Alert>
      )}
      <Told report={report} />
    </>
  );
}

function Told({ report }: { report: PeersReport }) {
  const classes = useStyles();
  const t = useWords();
  const { state, problems, map } = report;
  if (state.state !== 'measured') {
    const isNone = state.state === 'none';
    return (
      <Section title={t('peers.title')}>
        <Alert severity="info" variant="outlined">
          <strong>{t(isNone ? 'peers.none' : 'peers.notMeasured')}</strong>
          <div>{state.why}</div>
          {!isNone && <div>{t('peers.notMeasuredMeans')}</div>}
        </Alert>
      </Section>
    );
  }
  return (
    <>
      <Section title={t('peers.title')} subtitle={t('peers.how')}>
        {problems.length > 0 && (
          <div className={classes.banner}>
            <PartlyFailedBanner problems={problems} />
          </div>
        )}
        <Finding report={report} />
        <Overflows report={report} />
        <Tables report={report} />
      </Section>
      {map.nodes.length > 0 && (
        <Section
          title={t('peers.map')}
          subtitle={t('peers.mapHow')}
          table={<MapTable report={report} />}
        >
          <PeersMap report={report} />
          {map.leftOutCount > 0 && (
            <p className={classes.more}>
              {t('peers.leftOut', {
                count: map.leftOutCount,
                number: formatCount(map.leftOutCount),
              })}
            </p>
          )}
        </Section>
      )}
    </>
  );
}

function Finding({ report: { finding } }: { report: PeersReport }) {
  const classes = useStyles();
  const tabLink = useTabLink();
  const colourOf = useTroubleColour();
  if (!finding) return null;
  return (
    <p className={classes.finding} data-testid="contention-peers-finding">
      <WarningIcon
        className={classes.icon}
        style={{ color: colourOf(finding.severity) }}
        aria-hidden
      />
      <span>
        <Sentence
          sentence={finding.sentence}
          linkTo={entityRef => tabLink(entityRef, 'latency')}
        />
      </span>
    </p>
  );
}

function Overflows({ report: { listenOverflows } }: { report: PeersReport }) {
  const t = useWords();
  return (
    <>
      {listenOverflows.map(({ port, count }) => (
        <p key={port}>
          {t('peers.overflow', {
            where:
              port === undefined
                ? t('peers.somePort')
                : t('peers.port', { port: String(port) }),
            count,
            number: formatCount(count),
          })}
        </p>
      ))}
    </>
  );
}

type Choice = 'upstreams' | 'downstreams' | 'nameServers';

function Tables({ report }: { report: PeersReport }) {
  const classes = useStyles();
  const t = useWords();
  const { button: root, selected, disabled } = useToggleStyles();
  const { upstreams, downstreams, nameServers } = report;
  const counts: Record<Choice, number> = {
    upstreams: upstreams.length,
    downstreams: downstreams.length,
    nameServers: nameServers.length,
  };
  const choices: Choice[] = ['upstreams', 'downstreams', 'nameServers'];
  const first = choices.find(choice => counts[choice] > 0) ?? 'upstreams';
  const [chosen, choose] = useState<Choice>();
  const shown = chosen && counts[chosen] > 0 ? chosen : first;
  return (
    <>
      <ToggleButtonGroup
        className={classes.choice}
        size="small"
        exclusive
        value={shown}
        aria-label={t('peers.which')}
        onChange={(_, next: Choice | null) => next && choose(next)}
      >
        {choices.map(choice => (
          <ToggleButton
            key={choice}
            value={choice}
            disabled={counts[choice] === 0}
            classes={{ root, selected, disabled }}
          >
            {counts[choice] > 0
              ? t('peers.choiceCount', {
                  choice: t(`peers.${choice}`),
                  number: formatCount(counts[choice]),
                })
              : t('peers.choiceNone', { choice: t(`peers.${choice}`) })}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {shown === 'nameServers' ? (
        <NameServersTable servers={nameServers} />
      ) : (
        <PeersTable
          side={shown === 'upstreams' ? 'upstream' : 'downstream'}
          peers={report[shown]}
        />
      )}
    </>
  );
}
