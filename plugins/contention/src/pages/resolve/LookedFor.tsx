/** The question as the backend understood it, so that a mistake in a template is seen. */
import { makeStyles } from '@material-ui/core/styles';
import type { ResolveAnswer } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatRange } from '../../format';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(1, 0, 2),
    fontFamily: theme.typography.fontFamily,
  },
  name: { opacity: 0.75 },
  value: { margin: 0, overflowWrap: 'anywhere', unicodeBidi: 'isolate' },
}));

export function LookedFor({ answer }: { answer: ResolveAnswer }) {
  const classes = useStyles();
  const t = useWords();
  const { lookedFor, range, notes } = answer;
  return (
    <>
      <dl className={classes.list}>
        {lookedFor.map(({ key, value }) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt className={classes.name}>{t(`resolve.${key}`)}</dt>
            <dd className={classes.value}>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
        {range && (
          <>
            <dt className={classes.name}>{t('resolve.when')}</dt>
            <dd
              className={classes.value}
              title={`${formatAbsolute(range.from)} – ${formatAbsolute(range.to)}`}
            >
              {formatRange(range.from, range.to)}
            </dd>
          </>
        )}
      </dl>
      {notes.map(note => (
        <p key={note}>{note}</p>
      ))}
    </>
  );
}
