/** What the colours of a chart mean, as words. Pointing at an entry brings it out in the chart. */
import { makeStyles } from '@material-ui/core/styles';
import type { Swatch } from '../theme';
import { useWords } from '../translation';
import { ColourKey } from './ColourKey';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(1, 0, 0),
    padding: theme.spacing(0, 0, 0, '56px'),
    listStyle: 'none',
    fontSize: theme.typography.pxToRem(13),
    [theme.breakpoints.down('xs')]: { paddingLeft: 0 },
  },
  title: { color: theme.palette.text.secondary },
  entry: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    minWidth: 0,
    maxWidth: 320,
  },
  text: {
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
}));

export interface LegendEntry {
  key: string;
  text: string;
  swatch?: Swatch;
  /** Instead of a square: a line as it is drawn. */
  line?: { colour: string; width: number; dash?: string };
}

export interface LegendProps {
  title?: string;
  entries: LegendEntry[];
  onHighlight?(key: string | undefined): void;
}

export function Legend({ title, entries, onHighlight }: LegendProps) {
  const classes = useStyles();
  const t = useWords();
  if (entries.length === 0) return null;
  return (
    <ul
      className={classes.root}
      aria-label={title ?? t('charts.legend')}
      data-contention-legend
    >
      {title && (
        <li className={classes.title} aria-hidden>
          <span>{title}</span>
        </li>
      )}
      {entries.map(({ key, text, swatch, line }) => (
        <li
          key={key}
          className={classes.entry}
          onMouseEnter={() => onHighlight?.(key)}
          onMouseLeave={() => onHighlight?.(undefined)}
        >
          {swatch && <ColourKey swatch={swatch} />}
          {line && (
            <svg width={22} height={8} aria-hidden>
              <line
                x2={22}
                y1={4}
                y2={4}
                stroke={line.colour}
                strokeWidth={line.width}
                strokeDasharray={line.dash}
              />
            </svg>
          )}
          <span className={classes.text} title={text}>
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
