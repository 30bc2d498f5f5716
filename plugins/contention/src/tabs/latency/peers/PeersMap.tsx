/**
 * The two hops around a service as a picture. Lines are drawn; everybody is a real element on top of them, a link where the
 * catalog knows who it is, and arrow keys go from one to the next. The same facts are in the table behind it.
 */
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { Link } from '@backstage/core-components';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import LockIcon from '@material-ui/icons/LockOutlined';
import type { PeersReport } from 'backstage-plugin-contention-common';
import { useWidth } from '../../../charts/useWidth';
import { useTabLink } from '../../../report/links';
import { useWords } from '../../../translation';
import {
  CENTRE,
  layoutMap,
  neighbourOf,
  type ColumnNumber,
  type PlacedBox,
  type PlacedEdge,
} from './layout';
import { useTroubleColour } from './Troubles';
import { edgeFacts, peerName, shortTrouble } from './words';

const COLUMN_WORDS = {
  [-2]: 'peers.columnCallersOfCallers',
  [-1]: 'peers.columnCallers',
  0: undefined,
  1: 'peers.columnUpstreams',
  2: 'peers.columnBeyond',
} as const satisfies Record<ColumnNumber, string | undefined>;

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto', paddingBottom: theme.spacing(0.5) },
  map: { position: 'relative', margin: '0 auto' },
  lines: {
    position: 'absolute',
    inset: 0,
    overflow: 'visible',
    pointerEvents: 'none',
  },
  column: {
    position: 'absolute',
    top: 0,
    textAlign: 'center',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  box: {
    position: 'absolute',
    boxSizing: 'border-box',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    padding: theme.spacing(0, 1),
    borderRadius: 6,
    border: `1px solid ${theme.palette.text.secondary}`,
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
    fontSize: theme.typography.pxToRem(13),
    lineHeight: 1.25,
    '&:focus': {
      outline: `3px solid ${theme.palette.primary.main}`,
      outlineOffset: 1,
    },
    '&:hover': { textDecoration: 'none' },
  },
  link: { '& $name': { color: theme.palette.primary.main } },
  centre: { borderWidth: 2, fontWeight: 600, textAlign: 'center' },
  name: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: 600,
  },
  detail: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(11.5),
    fontWeight: 400,
  },
  faded: { opacity: 0.35 },
  label: {
    fontSize: 11.5,
    fontWeight: 600,
    paintOrder: 'stroke',
    stroke: theme.palette.background.paper,
    strokeWidth: 4,
    strokeLinejoin: 'round',
  },
  lock: { fontSize: 13, verticalAlign: '-2px', marginRight: 3 },
}));

export function PeersMap({
  report,
}: {
  report: Pick<PeersReport, 'entity' | 'map'>;
}) {
  const { entity, map } = report;
  const classes = useStyles();
  const t = useWords();
  const [ref, available] = useWidth<HTMLDivElement>();
  const layout = useMemo(() => layoutMap(map, available), [map, available]);
  const { boxes, edges, width, height, columns } = layout;
  const [reached, setReached] = useState(CENTRE);
  const [looked, setLooked] = useState<string>();
  const elements = useRef(new Map<string, HTMLElement>());
  // Of a map that is refreshed, somebody may be gone.
  const entry = boxes.some(({ id }) => id === reached) ? reached : CENTRE;

  const scrollsBy = width - available;
  useEffect(() => {
    if (ref.current && scrollsBy > 0) ref.current.scrollLeft = scrollsBy / 2;
  }, [ref, scrollsBy]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = neighbourOf(boxes, entry, event.key);
    if (next === undefined) return;
    event.preventDefault();
    elements.current.get(next)?.focus();
  };
  const nameOf = (box: PlacedBox) =>
    box.node ? peerName(box.node, t) : entity.title;
  const names = new Map(boxes.map(box => [box.id, nameOf(box)]));
  const lines = edges.map(placed => ({
    ...placed,
    isFaded:
      looked !== undefined &&
      placed.edge.from !== looked &&
      placed.edge.to !== looked,
  }));
  const isNear = (id: string) =>
    looked === undefined ||
    id === looked ||
    edges.some(
      ({ edge }) =>
        (edge.from === looked && edge.to === id) ||
        (edge.to === looked && edge.from === id),
    );
  const countOf = (column: ColumnNumber) =>
    boxes.filter(box => box.column === column).length;
  return (
    <div ref={ref} className={classes.scroll}>
      <div
        className={classes.map}
        style={{ width, height }}
        role="group"
        aria-label={t('peers.mapSummary', {
          name: entity.title,
          downstreams: String(countOf(-1)),
          upstreams: String(countOf(1)),
          beyond: String(countOf(-2) + countOf(2)),
        })}
      >
        {columns.map(({ column, x, width: columnWidth }) => {
          const word = COLUMN_WORDS[column];
          return word ? (
            <div
              key={column}
              className={classes.column}
              style={{ left: x, width: columnWidth }}
            >
              {t(word)}
            </div>
          ) : null;
        })}
        <svg
          className={classes.lines}
          width={width}
          height={height}
          aria-hidden
        >
          {lines.map(line => (
            <Line key={`${line.edge.from} ${line.edge.to}`} line={line} />
          ))}
        </svg>
        {boxes.map(box => (
          <Box
            key={box.id}
            box={box}
            name={nameOf(box)}
            facts={edges
              .filter(({ edge }) => edge.from === box.id || edge.to === box.id)
              .map(({ edge }) =>
                [
                  t('peers.calls', {
                    from: names.get(edge.from) ?? '',
                    to: names.get(edge.to) ?? '',
                  }),
                  ...edgeFacts(edge, t),
                ].join(', '),
              )}
            detail={detailOf(box, edges, edge => edgeFacts(edge, t)[0])}
            isEntry={box.id === entry}
            isFaded={!isNear(box.id)}
            onKeyDown={onKeyDown}
            onLook={() => setLooked(box.id)}
            onLeave={() => setLooked(undefined)}
            onFocus={() => {
              setReached(box.id);
              setLooked(box.id);
            }}
            hold={element => {
              if (element) elements.current.set(box.id, element);
              else elements.current.delete(box.id);
            }}
          />
        ))}
        <svg
          className={classes.lines}
          width={width}
          height={height}
          aria-hidden
        >
          {lines.map(line => (
            <LineWords key={`${line.edge.from} ${line.edge.to}`} line={line} />
          ))}
        </svg>
      </div>
    </div>
  );
}

/** How much goes between it and the service; of the second hop, between it and the first that it talks to. */
function detailOf(
  { id }: PlacedBox,
  edges: readonly PlacedEdge[],
  say: (edge: PlacedEdge['edge']) => string,
): string | undefined {
  const own = edges.find(
    ({ edge: { from, to } }) =>
      (from === id && to === CENTRE) || (to === id && from === CENTRE),
  );
  const any =
    own ?? edges.find(({ edge: { from, to } }) => from === id || to === id);
  return any && id !== CENTRE ? say(any.edge) : undefined;
}

function Line({ line }: { line: PlacedEdge & { isFaded: boolean } }) {
  const { palette } = useTheme();
  const colourOf = useTroubleColour();
  const { edge, path, strokeWidth, isFaded } = line;
  const [worst] = edge.troubles;
  const colour = worst ? colourOf(worst.severity) : palette.text.secondary;
  return (
    <g opacity={isFaded ? 0.15 : 1}>
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

/** Words about a line that has trouble; above everything else. */
function LineWords({ line }: { line: PlacedEdge & { isFaded: boolean } }) {
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
      opacity={isFaded ? 0.15 : 1}
      fill={colourOf(worst.severity)}
    >
      {shortTrouble(edge, worst, t)}
    </text>
  );
}

interface BoxProps {
  box: PlacedBox;
  name: string;
  /** What its lines say, for who does not see them. */
  facts: string[];
  detail?: string;
  /** The one that Tab comes to. */
  isEntry: boolean;
  isFaded: boolean;
  onKeyDown(event: KeyboardEvent): void;
  onLook(): void;
  onLeave(): void;
  onFocus(): void;
  hold(element: HTMLElement | null): void;
}

function Box(props: BoxProps) {
  const { box, name, facts, detail, isEntry, isFaded } = props;
  const classes = useStyles();
  const tabLink = useTabLink();
  const { node, x, y, width, height } = box;
  const [entity] = node?.party?.entities ?? [];
  const owner = entity?.owner?.title;
  const shared = {
    className: [
      classes.box,
      node ? '' : classes.centre,
      entity ? classes.link : '',
      isFaded ? classes.faded : '',
    ].join(' '),
    style: { left: x, top: y, width, height },
    tabIndex: isEntry ? 0 : -1,
    'aria-label': [owner ? `${name} (${owner})` : name, ...facts].join('; '),
    title: name,
    onKeyDown: props.onKeyDown,
    onMouseEnter: props.onLook,
    onMouseLeave: props.onLeave,
    onFocus: props.onFocus,
    onBlur: props.onLeave,
    'data-node': box.id,
  };
  const content = (
    <>
      <span className={classes.name}>
        {node?.kind === 'hidden' && (
          <LockIcon className={classes.lock} aria-hidden />
        )}
        {name}
      </span>
      {detail && (
        <span className={classes.detail}>
          {owner ? `${owner}, ${detail}` : detail}
        </span>
      )}
    </>
  );
  if (entity) {
    return (
      <Link
        {...shared}
        ref={props.hold}
        to={tabLink(entity.entityRef, 'latency')}
      >
        {content}
      </Link>
    );
  }
  return (
    <div {...shared} ref={props.hold} role="img">
      {content}
    </div>
  );
}
