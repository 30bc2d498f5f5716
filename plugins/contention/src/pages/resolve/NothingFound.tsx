/** Nothing fits: what was looked for, and what comes close, a click away. */
import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ResolveAnswer } from 'backstage-plugin-contention-common';
import { NoDataPicture } from '../../states/pictures';
import { StatePage } from '../../states/StatePage';
import { useWords } from '../../translation';
import { LookedFor } from './LookedFor';
import { SeenLine } from './SeenList';
import { usePageLink } from './usePageLink';

const useStyles = makeStyles(theme => ({
  list: {
    margin: theme.spacing(1, 0, 0),
    paddingLeft: theme.spacing(2.5),
    overflowWrap: 'anywhere',
  },
  form: { marginTop: theme.spacing(3) },
}));

type Nearest = ResolveAnswer['nearest'][number];

export function NothingFound(props: {
  answer: ResolveAnswer;
  children: ReactNode;
}) {
  const { answer, children } = props;
  const classes = useStyles();
  const t = useWords();
  const { nearest } = answer;
  return (
    <>
      <StatePage title={t('resolve.noneTitle')} picture={<NoDataPicture />}>
        {t('resolve.lookedFor')}
        <LookedFor answer={answer} />
        {nearest.length === 0 ? (
          t('resolve.nothingNear')
        ) : (
          <>
            <Typography variant="subtitle1" component="h3">
              {t('resolve.nearest')}
            </Typography>
            <ul className={classes.list}>
              {nearest.map((one, index) => (
                <li key={index}>
                  <NearestLine nearest={one} />
                </li>
              ))}
            </ul>
          </>
        )}
      </StatePage>
      <div className={classes.form}>{children}</div>
    </>
  );
}

function NearestLine({ nearest }: { nearest: Nearest }) {
  const t = useWords();
  const linkTo = usePageLink();
  const { by, what, seen, entity, tab, range } = nearest;
  const name = <bdi>{entity?.title ?? what}</bdi>;
  return (
    <>
      {entity && tab && range ? (
        <Link to={linkTo({ entity, tab, range })}>{name}</Link>
      ) : (
        name
      )}{' '}
      <Typography component="span" variant="body2" color="textSecondary">
        ({t(`resolve.${by}`)})
      </Typography>
      {seen && by !== 'name' && (
        <Typography component="div" variant="body2" color="textSecondary">
          <SeenLine seen={seen} />
        </Typography>
      )}
    </>
  );
}
