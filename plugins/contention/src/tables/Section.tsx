/** One part of a tab: a titled card with a picture and, one click away, the same as a table. */
import { useState, type ReactNode } from 'react';
import { InfoCard } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import BarChartIcon from '@material-ui/icons/BarChart';
import TableChartIcon from '@material-ui/icons/TableChart';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  card: {
    padding: theme.spacing(2.5, 3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2, 1.5) },
    fontFamily: theme.typography.fontFamily,
  },
  head: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'start',
    columnGap: theme.spacing(2),
    marginBottom: theme.spacing(2),
  },
  title: { margin: 0, lineHeight: 1.3 },
  subtitle: {
    gridColumn: '1 / -1',
    maxWidth: '110ch',
    marginTop: theme.spacing(0.5),
  },
  action: {
    flex: 'none',
    whiteSpace: 'nowrap',
    textTransform: 'none',
    color: theme.palette.text.secondary,
  },
}));

export interface SectionProps {
  title: string;
  /** What the picture shows and how to read it. */
  subtitle?: ReactNode;
  children: ReactNode;
  /** The same data as a table. */
  table?: ReactNode;
}

export function Section({ title, subtitle, children, table }: SectionProps) {
  const classes = useStyles();
  const t = useWords();
  const [asTable, setAsTable] = useState(false);
  const toggle = table !== undefined && (
    <Button
      className={classes.action}
      size="small"
      onClick={() => setAsTable(!asTable)}
      startIcon={asTable ? <BarChartIcon /> : <TableChartIcon />}
      aria-label={t(
        asTable ? 'report.sectionShowChart' : 'report.sectionShowTable',
        { title },
      )}
    >
      {t(asTable ? 'report.showChart' : 'report.showTable')}
    </Button>
  );
  return (
    <InfoCard cardClassName={classes.card}>
      <div className={classes.head}>
        <Typography variant="h6" component="h2" className={classes.title}>
          {title}
        </Typography>
        {toggle}
        {subtitle && (
          <Typography
            className={classes.subtitle}
            variant="body2"
            color="textSecondary"
            component="div"
          >
            {subtitle}
          </Typography>
        )}
      </div>
      {asTable && table !== undefined ? table : children}
    </InfoCard>
  );
}
