/** How sure we are: the last part of every tab, in words. */
import { Fragment, useState, type ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import InfoIcon from '@material-ui/icons/InfoOutlined';
import ReportProblemIcon from '@material-ui/icons/ReportProblemOutlined';
import type { Confidence } from 'backstage-plugin-contention-common';
import { formatShare } from '../format';
import { Section } from '../tables/Section';
import { useWords } from '../translation';

/** So many lines at first, the most important; the rest is one click away. */
const AT_FIRST = 6;

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
  more: { marginTop: theme.spacing(1), textTransform: 'none' },
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
  const [all, setAll] = useState(false);
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
    ...losses
      .filter(({ repaired }) => !repaired)
      .map(({ text }) => ({ tone: 'bad' as const, text })),
    ...missing.map(text => ({ tone: 'bad' as const, text })),
    ...losses
      .filter(({ repaired }) => repaired)
      .map(({ text }) => ({ tone: 'plain' as const, text })),
    ...notes.map(text => ({ tone: 'plain' as const, text })),
  );
  // One more line takes no more room than the button.
  const isShort = all || rows.length <= AT_FIRST + 1;
  const shown = isShort ? rows : rows.slice(0, AT_FIRST);
  return (
    <Section title={t('report.sure')}>
      <div className={classes.root}>
        {shown.map(({ tone, text }) => {
          const Icon = ICONS[tone];
          return (
            <Fragment key={text}>
              <Icon fontSize="small" className={classes[tone]} />
              <span>{text}</span>
            </Fragment>
          );
        })}
      </div>
      {shown.length < rows.length && (
        <Button
          size="small"
          className={classes.more}
          onClick={() => setAll(true)}
        >
          {t('report.showAll', { number: String(rows.length) })}
        </Button>
      )}
      {children}
    </Section>
  );
}
