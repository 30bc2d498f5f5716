/** What one thing was made of: a bar of parts, each in its colour, with its name inside where there is room. */
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import type { AnatomyPart } from 'backstage-plugin-contention-common';
import { formatDuration, formatShare } from '../format';
import {
  inkOn,
  partSwatch,
  useMode,
  usePartWords,
  type PartWords,
} from '../theme';
import { hatchBackground } from './Hatch';

/** Of a letter inside a bar, pixels, roughly: decides only what fits. */
const LETTER = 6.6;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    borderRadius: 3,
    overflow: 'hidden',
    minWidth: 2,
    background: theme.palette.action.hover,
  },
  segment: {
    flex: 'none',
    display: 'block',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    textAlign: 'left',
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 600,
    fontVariantNumeric: 'tabular-nums',
    // Two parts that meet are told apart without their colours.
    boxShadow: `inset -1px 0 0 ${theme.palette.background.paper}`,
    transition: 'opacity 120ms',
  },
  link: { '&:hover, &:focus-visible': { textDecoration: 'underline' } },
  text: { padding: '0 6px' },
  onHatch: {
    padding: '0 4px',
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
  },
}));

export interface PartsBarProps {
  parts: readonly AnatomyPart[];
  /** Pixels; names are written into bars of at least 20. */
  height: number;
  /** Of the whole bar, pixels, as far as it is known: decides which names fit. */
  width?: number;
  /** How much of its place it fills, 0 to 1. */
  length?: number;
  /** What it is the bar of. */
  label: string;
  /** Only this part in full colour. */
  highlight?: string;
  /** Where a part leads; undefined: nowhere. */
  linkOf?(part: AnatomyPart): string | undefined;
}

export function PartsBar(props: PartsBarProps) {
  const { parts, height, width = 0, length = 1, label, linkOf } = props;
  const classes = useStyles();
  const words = usePartWords();
  const summary = `${label}: ${partsText(parts, words)}`;
  return (
    <div
      className={classes.root}
      style={{ height, width: `${length * 100}%` }}
      role={linkOf ? 'group' : 'img'}
      aria-label={summary}
    >
      {parts.map(part => (
        <Segment
          key={part.key}
          part={part}
          height={height}
          pixels={part.share * width}
          isFaded={
            props.highlight !== undefined && props.highlight !== part.key
          }
          to={linkOf?.(part)}
        />
      ))}
    </div>
  );
}

/** `62 % waiting for batch-report, 19 % working`, largest first. */
function partsText(
  parts: readonly AnatomyPart[],
  { partWords }: PartWords,
): string {
  return parts
    .map(part => `${formatShare(part.share)} ${partWords(part)}`)
    .join(', ');
}

function Segment(props: {
  part: AnatomyPart;
  height: number;
  pixels: number;
  isFaded: boolean;
  to?: string;
}) {
  const { part, height, pixels, isFaded, to } = props;
  const classes = useStyles();
  const mode = useMode();
  const words = usePartWords();
  const { colour, hatched } = partSwatch(part, mode);
  const style = {
    width: `${part.share * 100}%`,
    lineHeight: `${height}px`,
    background: hatched ? hatchBackground(colour) : colour,
    color: inkOn(colour),
    opacity: isFaded ? 0.25 : 1,
  };
  const share = formatShare(part.share);
  const title = `${words.partWords(part)}: ${share}, ${formatDuration(part.seconds)}`;
  const text = height >= 20 ? fitting(part, pixels, words) : '';
  const inside = text && (
    <span className={hatched ? classes.onHatch : classes.text}>{text}</span>
  );
  return to ? (
    <Link
      to={to}
      className={`${classes.segment} ${classes.link}`}
      style={style}
      title={title}
      aria-label={title}
    >
      {inside}
    </Link>
  ) : (
    <span className={classes.segment} style={style} title={title} aria-hidden>
      {inside}
    </span>
  );
}

/** As much of its name and share as fits. */
function fitting(
  part: AnatomyPart,
  pixels: number,
  { partShort }: PartWords,
): string {
  const share = formatShare(part.share);
  const candidates = [`${partShort(part)} ${share}`, partShort(part), share];
  return candidates.find(text => text.length * LETTER + 12 <= pixels) ?? '';
}
