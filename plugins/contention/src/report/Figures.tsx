/** A few numbers that carry a page, each with what it counts. */
import { formatRange } from '../format';
import { makeStyles } from '@material-ui/core/styles';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1.5, 5),
    margin: theme.spacing(0.5, 0, 0),
    [theme.breakpoints.down('xs')]: {
      display: 'grid',
      gridTemplateColumns: '1fr 1fr',
      gap: theme.spacing(1.5, 2),
    },
  },
  of: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
    marginTop: theme.spacing(2),
  },
  figure: { display: 'flex', flexDirection: 'column', margin: 0 },
  note: {
    order: 2,
    margin: 0,
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    fontVariantNumeric: 'tabular-nums',
  },
  value: {
    order: 0,
    margin: 0,
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.25,
    fontVariantNumeric: 'tabular-nums',
  },
  name: {
    order: 1,
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
  },
}));

export interface Figure {
  name: string;
  value: string;
  /** What to compare it with. */
  note?: string;
}

export interface FiguresProps {
  /** Of which stretch of time these are. */
  of: { from: number; to: number };
  figures: Figure[];
}

export function Figures({ of, figures }: FiguresProps) {
  const classes = useStyles();
  const t = useWords();
  return (
    <>
      <div className={classes.of}>
        {t('report.inAllOf', { range: formatRange(of.from, of.to) })}
      </div>
      <dl className={classes.root}>
        {figures.map(({ name, value, note }) => (
          <div key={name} className={classes.figure}>
            <dt className={classes.name}>{name}</dt>
            <dd className={classes.value}>{value}</dd>
            {note && <dd className={classes.note}>{note}</dd>}
          </div>
        ))}
      </dl>
    </>
  );
}
