/** Several pages fit: each with its sentence, so that the right one is told by what it says. */
import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Card from '@material-ui/core/Card';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ResolveAnswer } from 'backstage-plugin-contention-common';
import { Owners } from '../../report/Owners';
import { Sentence } from '../../sentence/Sentence';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { LookedFor } from './LookedFor';
import { NodeOfQuestion } from './NodeOfQuestion';
import { SeenList } from './SeenList';
import { usePageLink } from './usePageLink';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(2),
    margin: theme.spacing(0, 0, 3),
    padding: 0,
    listStyle: 'none',
  },
  card: { padding: theme.spacing(2, 3) },
  title: { overflowWrap: 'anywhere' },
  owner: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.75) },
}));

export function Choice(props: { answer: ResolveAnswer; children: ReactNode }) {
  const { answer, children } = props;
  const classes = useStyles();
  const t = useWords();
  const linkTo = usePageLink();
  const { pages, morePages } = answer;
  return (
    <SubPage
      title={t('resolve.several', { number: String(pages.length + morePages) })}
    >
      <LookedFor answer={answer} />
      <NodeOfQuestion answer={answer} />
      <ul className={classes.list}>
        {pages.map(page => (
          <li key={page.entity.entityRef}>
            <Card className={classes.card}>
              <Typography variant="h6" component="h2" className={classes.title}>
                <Link to={linkTo(page)}>
                  <bdi>{page.entity.title}</bdi>
                </Link>
              </Typography>
              {page.entity.owner && (
                <Typography variant="body2" className={classes.owner}>
                  <span>{t('resolve.owner')}</span>
                  <Owners entities={[page.entity]} />
                </Typography>
              )}
              {page.sentence && (
                <Typography variant="body1" style={{ margin: '8px 0' }}>
                  <Sentence sentence={page.sentence} />
                </Typography>
              )}
              <SeenList seen={page.seen} />
            </Card>
          </li>
        ))}
      </ul>
      {morePages > 0 && (
        <Typography paragraph>
          {t('resolve.more', { number: String(morePages) })}
        </Typography>
      )}
      {children}
    </SubPage>
  );
}
