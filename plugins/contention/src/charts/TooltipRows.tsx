/** Names and values of one moment, in a tooltip. */
import { makeStyles } from '@material-ui/core/styles';
import type { Swatch } from '../theme';
import { ColourKey } from './ColourKey';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'baseline', gap: 8 },
  label: {
    flex: 1,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  value: { fontWeight: 600, whiteSpace: 'nowrap' },
});

export interface TooltipRow {
  key: string;
  label: string;
  value: string;
  swatch?: Swatch;
}

export function TooltipRows({ rows }: { rows: TooltipRow[] }) {
  const classes = useStyles();
  return (
    <>
      {rows.map(row => (
        <div key={row.key} className={classes.row}>
          {row.swatch && <ColourKey swatch={row.swatch} />}
          <span className={classes.label}>{row.label}</span>
          <span className={classes.value}>{row.value}</span>
        </div>
      ))}
    </>
  );
}
