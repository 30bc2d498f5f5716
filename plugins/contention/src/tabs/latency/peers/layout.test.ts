import type {
  PeerMapEdge,
  PeerMapNode,
} from 'backstage-plugin-contention-common';
import { MAP_CENTRE } from 'backstage-plugin-contention-common';
import { CENTRE, layoutMap, neighbourOf } from './layout';

const node = (
  id: string,
  side: PeerMapNode['side'],
  hop: PeerMapNode['hop'],
): PeerMapNode => ({ id, side, hop, kind: 'address', label: id });

const edge = (from: string, to: string, requestCount = 1): PeerMapEdge => ({
  from,
  to,
  requestCount,
  connectFailureCount: 0,
  troubles: [],
});

const nodes = [
  node('u1', 'upstream', 1),
  node('u2', 'upstream', 1),
  node('u3', 'upstream', 1),
  node('v1', 'upstream', 2),
  node('d1', 'downstream', 1),
  node('e1', 'downstream', 2),
];
const edges = [
  edge(CENTRE, 'u1', 100),
  edge(CENTRE, 'u2', 25),
  edge(CENTRE, 'u3', 0),
  edge('u1', 'v1'),
  edge('u1', 'u2'),
  edge('d1', CENTRE),
  edge('e1', 'd1'),
  edge('u1', 'nobody'),
];

const at = (available: number) => layoutMap({ nodes, edges }, available);
const boxOf = (id: string, available = 1_000) =>
  at(available).boxes.find(box => box.id === id)!;

it('calls the middle what the backend calls it', () => {
  expect(CENTRE).toBe(MAP_CENTRE);
});

it('has callers on the left and upstreams on the right, further ones further out', () => {
  const xs = ['e1', 'd1', CENTRE, 'u1', 'v1'].map(id => boxOf(id).x);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  expect(new Set(xs).size).toBe(5);
  expect(new Set(['u1', 'u2', 'u3'].map(id => boxOf(id).x)).size).toBe(1);
});

it('lays nobody over anybody, and everybody within the picture', () => {
  const { boxes, width, height } = at(1_000);
  for (const a of boxes) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.y).toBeGreaterThanOrEqual(0);
    expect(a.x + a.width).toBeLessThanOrEqual(width + 1e-6);
    expect(a.y + a.height).toBeLessThanOrEqual(height + 1e-6);
    for (const b of boxes) {
      if (a === b) continue;
      const apart =
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      expect(apart).toBe(true);
    }
  }
});

it('fits where there is room, and stays readable where there is little', () => {
  expect(at(1_000).width).toBeLessThanOrEqual(1_000);
  expect(boxOf('u1', 300).width).toBeGreaterThanOrEqual(120);
});

it('leaves out columns that nobody is in', () => {
  const { columns } = layoutMap(
    { nodes: [node('u1', 'upstream', 1)], edges: [] },
    800,
  );
  expect(columns.map(({ column }) => column)).toEqual([0, 1]);
});

it('draws more requests thicker, and lines to nobody not at all', () => {
  const lines = at(1_000).edges;
  expect(lines).toHaveLength(edges.length - 1);
  const thick = (to: string) =>
    lines.find(line => line.edge.from === CENTRE && line.edge.to === to)!
      .strokeWidth;
  expect(thick('u1')).toBeGreaterThan(thick('u2'));
  expect(thick('u2')).toBeGreaterThan(thick('u3'));
  expect(thick('u3')).toBeGreaterThan(0);
  for (const { path, label } of lines) {
    expect(path).not.toMatch(/NaN|undefined/);
    expect(Number.isFinite(label.x + label.y)).toBe(true);
  }
});

it('goes by arrow keys down a column and to the nearest in the next', () => {
  const { boxes } = at(1_000);
  const go = (from: string, key: string) => neighbourOf(boxes, from, key);
  expect(go(CENTRE, 'ArrowRight')).toBe('u2');
  expect(go('u2', 'ArrowDown')).toBe('u3');
  expect(go('u3', 'ArrowDown')).toBeUndefined();
  expect(go('u3', 'ArrowRight')).toBe('v1');
  expect(go('v1', 'ArrowRight')).toBeUndefined();
  expect(go('u1', 'ArrowLeft')).toBe(CENTRE);
  expect(go(CENTRE, 'ArrowLeft')).toBe('d1');
  expect(go(CENTRE, 'Enter')).toBeUndefined();
});
