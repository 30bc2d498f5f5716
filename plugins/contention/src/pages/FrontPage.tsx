/** `/contention`: which pages there are beside the tabs of services. */
import { Link } from '@backstage/core-components';
import Card from '@material-ui/core/Card';
import CardContent from '@material-ui/core/CardContent';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useWords } from '../translation';

/** A page that stands on its own: those that need an id or a question are reached from elsewhere. */
const PAGES = [
  { path: 'nodes', title: 'pages.nodes', what: 'pages.nodesWhat' },
  { path: 'resolve', title: 'resolve.title', what: 'resolve.what' },
  {
    path: 'evidence',
    title: 'pages.evidence',
    what: 'pages.evidenceWhat',
  },
  { path: 'coverage', title: 'coverage.title', what: 'coverage.what' },
] as const;

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(300px, 100%), 1fr))',
    gap: theme.spacing(2.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  card: { height: '100%' },
}));

export function FrontPage() {
  const classes = useStyles();
  const t = useWords();
  return (
    <>
      <Typography variant="body1" paragraph>
        {t('pages.intro')}
      </Typography>
      <ul className={classes.list}>
        {PAGES.map(({ path, title, what }) => (
          <li key={path}>
            <Card className={classes.card}>
              <CardContent>
                <Typography variant="h5" component="h2" gutterBottom>
                  <Link to={path}>{t(title)}</Link>
                </Typography>
                <Typography variant="body2" color="textSecondary">
                  {t(what)}
                </Typography>
              </CardContent>
            </Card>
          </li>
        ))}
      </ul>
    </>
  );
}
