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
import { makeStyles } from '@material-ui/core/styles';
import type { PeersReport } from 'backstage-plugin-contention-common';
import { useWidth } from '../../../charts/useWidth';
import { useWords } from '../../../translation';
import {
  CENTRE,
  layoutMap,
  neighbourOf,
  type ColumnNumber,
  type MapLayout,
  type PlacedBox,
  type PlacedEdge,
} from './layout';
import { MapBox } from './MapBox';
import { MapLines, MapLineWords } from './MapLines';
import { edgeFacts, peerName } from './words';

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

  const middle = middleOf(layout);
  useEffect(() => {
    // Where it is wider than the screen, the service itself is what one sees first.
    if (ref.current) ref.current.scrollLeft = middle - available / 2;
  }, [ref, middle, available]);

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
        <MapLines lines={lines} width={width} height={height} />
        {boxes.map(box => (
          <MapBox
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
        <MapLineWords lines={lines} width={width} height={height} />
      </div>
    </div>
  );
}

/** Of the service itself, pixels from the left. */
function middleOf({ boxes }: Pick<MapLayout, 'boxes'>): number {
  const centre = boxes.find(({ id }) => id === CENTRE);
  return centre ? centre.x + centre.width / 2 : 0;
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
