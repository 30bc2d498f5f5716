/** Whether whoever ran stayed within the CPU that it asked for: then it only took what it was promised. */
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import type { Culprit } from 'backstage-plugin-contention-common';
import { formatCpus } from '../format';

const useStyles = makeStyles(theme => ({
  asked: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  chip: { height: 22, fontSize: theme.typography.pxToRem(12), margin: 0 },
}));

const WORDS: Record<
  Culprit['entitlement'],
  { short: string; meaning: string }
> = {
  within: {
    short: 'within what it asked for',
    meaning: 'The node is too full',
  },
  over: {
    short: 'over what it asked for',
    meaning: 'It uses more CPU than its request',
  },
  unknown: {
    short: 'request not known',
    meaning: 'Its CPU request is not known',
  },
};

export function Entitlement(
  props: Pick<Culprit, 'entitlement' | 'cpuMean' | 'cpuRequest'>,
) {
  const { entitlement, cpuMean, cpuRequest } = props;
  const classes = useStyles();
  const { short, meaning } = WORDS[entitlement] ?? WORDS.unknown;
  return (
    <>
      <Chip
        className={classes.chip}
        size="small"
        variant="outlined"
        label={short}
        title={meaning}
      />
      <div className={classes.asked}>
        {formatCpus(cpuMean)}
        {cpuRequest !== undefined && ` of ${formatCpus(cpuRequest)}`}
        {entitlement === 'within' && ': the node is too full'}
      </div>
    </>
  );
}
