/** Whether whoever ran stayed within the CPU that it asked for: then it only took what it was promised. */
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import type { Culprit } from 'backstage-plugin-contention-common';
import { formatCpus } from '../format';
import { useWords, type Words } from '../translation';

const useStyles = makeStyles(theme => ({
  asked: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  chip: { height: 22, fontSize: theme.typography.pxToRem(12), margin: 0 },
}));

const WORDS = {
  within: {
    short: 'report.within',
    meaning: 'report.withinMeans',
  },
  over: {
    short: 'report.over',
    meaning: 'report.overMeans',
  },
  unknown: {
    short: 'report.requestUnknown',
    meaning: 'report.requestUnknownMeans',
  },
} as const satisfies Record<
  Culprit['entitlement'],
  { short: string; meaning: string }
>;

type EntitlementProps = Pick<Culprit, 'entitlement' | 'cpuMean' | 'cpuRequest'>;

export function Entitlement(props: EntitlementProps) {
  const { entitlement } = props;
  const classes = useStyles();
  const t = useWords();
  const { short, meaning } = WORDS[entitlement] ?? WORDS.unknown;
  return (
    <>
      <Chip
        className={classes.chip}
        size="small"
        variant="outlined"
        label={t(short)}
        title={t(meaning)}
      />
      <div className={classes.asked}>{usedText(props, t)}</div>
    </>
  );
}

/** `0.2 CPU of 1 CPU: the node is too full` */
function usedText(
  { entitlement, cpuMean, cpuRequest }: EntitlementProps,
  t: Words,
): string {
  const isWithin = entitlement === 'within';
  // Of somebody whom the reader may not see there are no figures.
  if (cpuMean === undefined) return isWithin ? t('report.withinMeans') : '';
  const used = formatCpus(cpuMean);
  if (cpuRequest === undefined) {
    return isWithin ? t('report.usedTooFull', { used }) : used;
  }
  return t(isWithin ? 'report.usedOfTooFull' : 'report.usedOf', {
    used,
    asked: formatCpus(cpuRequest),
  });
}
