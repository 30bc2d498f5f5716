/** The lines of the map, and the words on those that have trouble. Decoration: who does not see it has them with the boxes. */
import type { ReactNode } from 'react';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import { useWords } from '../../../translation';
import type { PlacedEdge } from './layout';
import { useTroubleColour } from './Troubles';
import { shortTrouble } from './words';

const useStyles = makeStyles(theme => ({
  layer: {
    position: 'absolute',
    inset: 0,
    overflow: 'visible',
    pointerEvents: 'none',
  },
  label: {
    fontSize: 11.5,
    fontWeight: 600,
    paintOrder: 'stroke',
    stroke: theme.palette.background.paper,
    strokeWidth: 4,
    strokeLinejoin: 'round',
  },
}));

/** Of a line that has nothing to do with whom one looks at. */
const FADED = 0.15;

export interface MapLine extends PlacedEdge {
  isFaded: boolean;
}

export interface MapLinesProps {
  lines: readonly MapLine[];
  width: number;
  height: number;
}

const keyOf = ({ edge }: MapLine) => `${edge.from} ${edge.to}`;

/** Below the boxes. */
export function MapLines({ lines, ...size }: MapLinesProps) {
  return (
    <Layer {...size}>
      {lines.map(line => (
        <Line key={keyOf(line)} line={line} />
      ))}
    </Layer>
  );
}

/** Above everything else. */
export function MapLineWords({ lines, ...size }: MapLinesProps) {
  return (
    <Layer {...size}>
      {lines.map(line => (
        <LineWords key={keyOf(line)} line={line} />
      ))}
    </Layer>
  );
}

function Layer(props: { width: number; height: number; children: ReactNode }) {
  const classes = useStyles();
  const { width, height, children } = props;
  return (
    <svg className={classes.layer} width={width} height={height} aria-hidden>
      {children}
    </svg>
  );
}

function Line({ line }: { line: MapLine }) {
  const { palette } = useTheme();
  const colourOf = useTroubleColour();
  const { edge, path, strokeWidth, isFaded } = line;
  const [worst] = edge.troubles;
  const colour = worst ? colourOf(worst.severity) : palette.text.secondary;
  return (
    <g opacity={isFaded ? FADED : 1}>
      <path
        d={path}
        fill="none"
        stroke={colour}
        strokeWidth={worst ? Math.max(strokeWidth, 2.5) : strokeWidth}
        strokeOpacity={worst ? 0.95 : 0.45}
        strokeDasharray={worst ? '7 4' : undefined}
      />
    </g>
  );
}

function LineWords({ line }: { line: MapLine }) {
  const classes = useStyles();
  const t = useWords();
  const colourOf = useTroubleColour();
  const { edge, label, isFaded } = line;
  const [worst] = edge.troubles;
  if (!worst) return null;
  return (
    <text
      className={classes.label}
      x={label.x}
      y={label.y + 4}
      textAnchor="middle"
      opacity={isFaded ? FADED : 1}
      fill={colourOf(worst.severity)}
    >
      {shortTrouble(edge, worst, t)}
    </text>
  );
}
