/** What changed in the range, in words: the twin of the flags on every time line. */
import { useState } from 'react';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import FlagIcon from '@material-ui/icons/FlagOutlined';
import { useMarkers } from '../charts/Markers';
import { formatMoment } from '../format';
import { Moment } from '../states/Moment';
import { useWords } from '../translation';
import { workloadText } from './PartyName';

/** As many as fit beside a sentence. */
const AT_FIRST = 4;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
    fontSize: theme.typography.pxToRem(14),
  },
  title: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
  },
  icon: { fontSize: 18, verticalAlign: '-4px' },
  when: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  more: { textTransform: 'none', padding: 0, minWidth: 0 },
}));

export function ChangesList() {
  const classes = useStyles();
  const t = useWords();
  const markers = useMarkers();
  const [all, setAll] = useState(false);
  if (markers.length === 0) return null;
  // The newest are the likeliest reason for what one looks at.
  const shown = all ? markers : markers.slice(-AT_FIRST);
  return (
    <section aria-label={t('report.changes')}>
      <ul className={classes.root}>
        <li className={classes.title}>
          <FlagIcon className={classes.icon} aria-hidden />
          {t('report.changed')}
        </li>
        {shown.map(marker => (
          <li key={marker.key} title={workloadText(marker.workload)}>
            <Moment at={marker.at}>
              <span className={classes.when}>{formatMoment(marker.at)}</span>
            </Moment>{' '}
            {marker.text}
          </li>
        ))}
        {shown.length < markers.length && (
          <li>
            <Button
              size="small"
              className={classes.more}
              onClick={() => setAll(true)}
            >
              <Typography variant="body2" component="span">
                {t('report.showAll', { number: String(markers.length) })}
              </Typography>
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
