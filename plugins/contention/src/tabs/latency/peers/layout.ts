/**
 * Where everybody stands in the map of two hops: callers of callers, callers, the service, upstreams, upstreams of upstreams,
 * column by column; and how the lines between them run. Knows boxes in pixels; refuses to know how they look. Pure.
 */
import type {
  PeerMap,
  PeerMapEdge,
  PeerMapNode,
} from 'backstage-plugin-contention-common';

/** `MAP_CENTRE` of -common, which no first download of a tab should bring. */
export const CENTRE = 'self';

const BOX = { height: 40, gap: 12 };
/** Between columns there is room for a few words. */
const LEAST = { width: 124, between: 86 };
const MOST_WIDTH = 210;
/** Above the boxes, for the name of the column. */
const HEAD = 26;
/** Lines are so thick at most, and at least. */
const STROKE = { least: 1.5, most: 7 };

/** How far from the inner end of a line its words are, of its height. */
const LABEL_AT = 0.72;

/** -2: callers of callers, 0: the service, 2: upstreams of upstreams. */
export type ColumnNumber = -2 | -1 | 0 | 1 | 2;

export interface PlacedBox {
  id: string;
  column: ColumnNumber;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Absent: the service itself. */
  node?: PeerMapNode;
}

export interface PlacedEdge {
  edge: PeerMapEdge;
  /** Of an SVG path. */
  path: string;
  strokeWidth: number;
  /** Where words about it stand. */
  label: { x: number; y: number };
}

export interface MapLayout {
  width: number;
  height: number;
  boxes: PlacedBox[];
  edges: PlacedEdge[];
  columns: { column: ColumnNumber; x: number; width: number }[];
}

function columnOf({ side, hop }: PeerMapNode): ColumnNumber {
  return (side === 'upstream' ? hop : -hop) as ColumnNumber;
}

/** @param available - pixels; the map is wider where that is too little to read anything */
export function layoutMap(
  { nodes, edges }: Pick<PeerMap, 'nodes' | 'edges'>,
  available: number,
): MapLayout {
  const byColumn = new Map<ColumnNumber, (PeerMapNode | undefined)[]>([
    [0, [undefined]],
  ]);
  for (const node of nodes) {
    const column = columnOf(node);
    const there = byColumn.get(column);
    if (there) there.push(node);
    else byColumn.set(column, [node]);
  }
  const numbers = [...byColumn.keys()].sort((a, b) => a - b);
  const between = Math.max(
    LEAST.between,
    Math.min(130, (available / numbers.length) * 0.36),
  );
  const width = Math.max(
    LEAST.width,
    Math.min(
      MOST_WIDTH,
      (available - between * (numbers.length - 1)) / numbers.length,
    ),
  );
  const rows = Math.max(...[...byColumn.values()].map(list => list.length));
  const body = rows * BOX.height + (rows - 1) * BOX.gap;
  const boxes = numbers.flatMap((column, index) => {
    const list = byColumn.get(column)!;
    const own = list.length * BOX.height + (list.length - 1) * BOX.gap;
    const top = HEAD + (body - own) / 2;
    return list.map((node, row): PlacedBox => ({
      id: node?.id ?? CENTRE,
      column,
      x: index * (width + between),
      y: top + row * (BOX.height + BOX.gap),
      width,
      height: BOX.height,
      ...(node ? { node } : {}),
    }));
  });
  const byId = new Map(boxes.map(box => [box.id, box]));
  const busiest = Math.max(...edges.map(edge => edge.requestCount), 1);
  return {
    width: numbers.length * width + (numbers.length - 1) * between,
    height: HEAD + body,
    boxes,
    edges: edges.flatMap(edge => {
      const from = byId.get(edge.from);
      const to = byId.get(edge.to);
      if (!from || !to) return [];
      return [
        {
          edge,
          ...lineBetween(from, to, between),
          // By the root: ten times the requests are three times as thick.
          strokeWidth:
            STROKE.least +
            (STROKE.most - STROKE.least) *
              Math.sqrt(edge.requestCount / busiest),
        },
      ];
    }),
    columns: numbers.map((column, index) => ({
      column,
      x: index * (width + between),
      width,
    })),
  };
}

function lineBetween(
  from: PlacedBox,
  to: PlacedBox,
  between: number,
): Pick<PlacedEdge, 'path' | 'label'> {
  const middle = ({ y, height }: PlacedBox) => y + height / 2;
  const [y1, y2] = [middle(from), middle(to)];
  if (from.column === to.column) {
    // Around the outside of its column.
    const isLeft = from.column < 0;
    const x = isLeft ? from.x : from.x + from.width;
    const reach = (isLeft ? -1 : 1) * between * 0.6;
    return {
      path: `M${x},${y1} C${x + reach},${y1} ${x + reach},${y2} ${x},${y2}`,
      label: { x: x + reach * 0.75, y: (y1 + y2) / 2 },
    };
  }
  const isForward = from.column < to.column;
  const x1 = isForward ? from.x + from.width : from.x;
  const x2 = isForward ? to.x : to.x + to.width;
  const bend = (x2 - x1) / 2;
  // Near the outer end lines are as far apart as boxes; words stand in the middle between the columns.
  const isFromOuter = Math.abs(from.column) > Math.abs(to.column);
  const along = isFromOuter ? 1 - LABEL_AT : LABEL_AT;
  return {
    path: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`,
    label: {
      x: (x1 + x2) / 2,
      y: y1 + (y2 - y1) * (3 * along ** 2 - 2 * along ** 3),
    },
  };
}

const KEYS: Record<string, readonly [columns: number, rows: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Who is next in the direction of an arrow key; undefined: nobody, or another key. */
export function neighbourOf(
  boxes: readonly PlacedBox[],
  id: string,
  key: string,
): string | undefined {
  const step = KEYS[key];
  const from = boxes.find(box => box.id === id);
  if (!step || !from) return undefined;
  const [columns, rows] = step;
  if (rows !== 0) {
    const column = boxes.filter(box => box.column === from.column);
    return column[column.indexOf(from) + rows]?.id;
  }
  const beyond = boxes.filter(
    box => Math.sign(box.column - from.column) === columns,
  );
  const nearest = Math.min(
    ...beyond.map(box => Math.abs(box.column - from.column)),
  );
  return beyond
    .filter(box => Math.abs(box.column - from.column) === nearest)
    .sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0]?.id;
}
