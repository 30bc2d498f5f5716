/** How sure we are: the last part of every tab, in words. */
import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import InfoIcon from '@material-ui/icons/InfoOutlined';
import ReportProblemIcon from '@material-ui/icons/ReportProblemOutlined';
import type { Confidence } from 'backstage-plugin-contention-common';
import { formatShare } from '../format';
import { Section } from '../tables/Section';
import { useWords } from '../translation';

/** Above these, a number is worth a warning. */
const NOTABLE_UNATTRIBUTED = 0.01;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    gap: theme.spacing(1, 1.5),
    alignItems: 'start',
    maxWidth: '90ch',
  },
  good: { color: theme.palette.type === 'dark' ? '#6cc78a' : '#2e7d46' },
  bad: { color: theme.palette.type === 'dark' ? '#f0b13c' : '#a86500' },
  plain: { color: theme.palette.text.secondary },
}));

type Tone = 'good' | 'bad' | 'plain';

const ICONS = { good: CheckIcon, bad: ReportProblemIcon, plain: InfoIcon };

export interface ConfidencePanelProps {
  confidence: Confidence;
  /** More of what this tab knows about its own accuracy. */
  children?: ReactNode;
}

export function ConfidencePanel({
  confidence,
  children,
}: ConfidencePanelProps) {
  const { method, unattributedShare, losses, missing, notes } = confidence;
  const classes = useStyles();
  const t = useWords();
  const rows: Array<{ tone: Tone; text: string }> = [
    {
      tone: method === 'estimated' ? 'bad' : 'good',
      text: t(`report.${method}`),
    },
  ];
  if (unattributedShare !== undefined) {
    rows.push({
      tone: unattributedShare > NOTABLE_UNATTRIBUTED ? 'bad' : 'good',
      text: t('report.unattributed', { share: formatShare(unattributedShare) }),
    });
  }
  if (losses.length === 0) {
    rows.push({ tone: 'good', text: t('report.nothingLost') });
  }
  rows.push(
    ...losses.map(({ repaired, text }) => ({
      tone: repaired ? ('plain' as const) : ('bad' as const),
      text,
    })),
    ...missing.map(text => ({ tone: 'bad' as const, text })),
    ...notes.map(text => ({ tone: 'plain' as const, text })),
  );
  return (
    <Section title={t('report.sure')}>
      <div className={classes.root}>
        {rows.map(({ tone, text }) => {
          const Icon = ICONS[tone];
          return [
            <Icon
              key={`${text} icon`}
              fontSize="small"
              className={classes[tone]}
            />,
            <span key={text}>{text}</span>,
          ];
        })}
      </div>
      {children}
    </Section>
  );
}
