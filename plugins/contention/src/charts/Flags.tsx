/** Flags on a time line: a pole through the plot and, above it, one word for what changed. */
import { makeStyles } from '@material-ui/core/styles';
import { useWords, type Words } from '../translation';
import { markerWord } from './Markers';
import type { Flag } from './layout/flags';

const HEIGHT = 16;
/** Of a letter at this size, pixels, roughly: decides only whether a word fits. */
const LETTER = 6.2;

const useStyles = makeStyles(theme => ({
  pole: {
    stroke: theme.palette.text.primary,
    strokeDasharray: '1 3',
    strokeWidth: 1.5,
  },
  pennant: {
    fill: theme.palette.background.paper,
    stroke: theme.palette.text.primary,
  },
  word: {
    fontSize: 11,
    fontFamily: theme.typography.fontFamily,
    fill: theme.palette.text.primary,
  },
}));

/** The longest text that fits into the room to the next flag; a bare flag where none does. */
function flagText({ markers, room }: Flag, t: Words): string {
  const words = [...new Set(markers.map(marker => markerWord(marker, t)))];
  const candidates =
    markers.length === 1
      ? words
      : [
          words.length === 1 ? `${markers.length} × ${words[0]}` : '',
          t('charts.changes', { number: String(markers.length) }),
          `${markers.length}`,
        ];
  return (
    candidates.find(text => text !== '' && widthOf(text) <= room - 2) ?? ''
  );
}

function widthOf(text: string): number {
  return Math.max(text.length * LETTER + 10, 10);
}

export function Flags(props: { flags: readonly Flag[]; plotHeight: number }) {
  const { flags, plotHeight } = props;
  const classes = useStyles();
  const t = useWords();
  return (
    <g aria-hidden>
      {flags.map(flag => {
        const text = flagText(flag, t);
        const width = widthOf(text);
        return (
          <g
            key={flag.markers[0].key}
            transform={`translate(${flag.x},${-HEIGHT - 4})`}
          >
            <line className={classes.pole} y2={plotHeight + HEIGHT + 4} />
            <path
              className={classes.pennant}
              d={`M0,0 H${width} l-4,${HEIGHT / 2} l4,${HEIGHT / 2} H0 Z`}
            />
            <text className={classes.word} x={4} y={12}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}
