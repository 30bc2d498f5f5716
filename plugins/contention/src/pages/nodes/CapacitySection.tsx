/** How much of a node is used, asked for and allowed; and how its agent is. */
import type { NodeReport } from 'backstage-plugin-contention-common';
import { makeStyles } from '@material-ui/core/styles';
import {
  formatAbsolute,
  formatCount,
  formatCpus,
  formatDuration,
  formatMoment,
  formatShare,
  zoneAt,
} from '../../format';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  pair: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(380px, 100%), 1fr))',
    gap: theme.spacing(2.5),
  },
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, auto) 1fr',
    gap: theme.spacing(0.75, 2),
    margin: 0,
    fontVariantNumeric: 'tabular-nums',
    '& dt': { color: theme.palette.text.secondary },
    '& dd': { margin: 0 },
  },
}));

export function CapacitySection({ report }: { report: NodeReport }) {
  const classes = useStyles();
  const t = useWords();
  const { capacity, agent, confidence } = report;
  const { cpuCount } = capacity;
  const ofCpus = (value: number | undefined) =>
    value === undefined || !cpuCount
      ? ''
      : ` (${t('nodes.ofCpus', { share: formatShare(value / cpuCount) })})`;
  const moment = (ms: number) => (
    <time dateTime={new Date(ms).toISOString()} title={formatAbsolute(ms)}>
      {formatMoment(Math.floor(ms / 1000) * 1000)} {zoneAt(ms)}
    </time>
  );
  return (
    <div className={classes.pair}>
      <Section title={t('nodes.capacityTitle')}>
        <dl className={classes.list}>
          <dt>{t('nodes.cpus')}</dt>
          <dd>{formatCount(cpuCount)}</dd>
          <dt>{t('nodes.busy')}</dt>
          <dd>
            {formatCpus(capacity.cpuMean)}
            {ofCpus(capacity.cpuMean)}
          </dd>
          <dt>{t('nodes.requested')}</dt>
          <dd>
            {formatCpus(capacity.cpuRequested)}
            {ofCpus(capacity.cpuRequested)}
          </dd>
          <dt>{t('nodes.limits')}</dt>
          <dd>
            {formatCpus(capacity.cpuLimited)}
            {ofCpus(capacity.cpuLimited)}
          </dd>
          <dt>
            {t('nodes.lives', { containers: String(capacity.containers) })}
          </dt>
          <dd>{formatCount(capacity.pods)}</dd>
          <dt>{t('nodes.withoutRequest')}</dt>
          <dd>{formatCount(capacity.withoutRequest)}</dd>
          <dt>{t('nodes.withoutLimit')}</dt>
          <dd>{formatCount(capacity.withoutLimit)}</dd>
        </dl>
      </Section>
      <Section title={t('nodes.agentTitle')}>
        <dl className={classes.list}>
          <dt>{t('nodes.agent')}</dt>
          <dd>{t(`nodes.${agent.state}`)}</dd>
          <dt>{t('nodes.version')}</dt>
          <dd>{agent.version ?? t('nodes.notSaid')}</dd>
          <dt>{t('nodes.lastSeen')}</dt>
          <dd>{moment(agent.lastSeen)}</dd>
          <dt>{t('nodes.firstSeen')}</dt>
          <dd>{moment(agent.firstSeen)}</dd>
          <dt>{t('nodes.interval')}</dt>
          <dd>{formatDuration(agent.intervalSeconds)}</dd>
          {agent.kernelCpus !== undefined && (
            <>
              <dt>{t('nodes.cost')}</dt>
              <dd>
                {t('nodes.costs', {
                  kernel: formatCpus(agent.kernelCpus),
                  processes: formatCpus(agent.processCpus),
                })}
              </dd>
            </>
          )}
          <dt>{t('nodes.switchedOff')}</dt>
          <dd>
            {confidence.missing.length === 0
              ? t('nodes.nothing')
              : confidence.missing.map(text => <div key={text}>{text}</div>)}
          </dd>
        </dl>
      </Section>
    </div>
  );
}
