import type { Family } from './families';
import { familiesAsText } from './text';

const textOf = (families: Family[]) => [...familiesAsText(families)].join('');

const point = {
  attributes: {},
  startUnixNs: 1n,
  endUnixNs: 2n,
  count: 7n,
  sumNs: 2_500_000_000n,
  zeroCount: 1n,
  buckets: new Map([
    [-8, 2n],
    [-1, 1n],
    [0, 1n],
    [100, 2n],
  ]),
};

it('a counter and a gauge: help, type, and a line a series', () => {
  expect(
    textOf([
      {
        name: 'x_total',
        kind: 'counter',
        help: 'Two\nlines, a \\ and "quotes"',
        samples: [
          { labels: [], value: 3 },
          { labels: [['path', '/a "b"\\\n']], value: 1e-7 },
        ],
      },
      { name: 'y', kind: 'gauge', help: 'None', samples: [] },
    ]),
  ).toBe(
    [
      '# HELP x_total Two\\nlines, a \\\\ and "quotes"',
      '# TYPE x_total counter',
      'x_total 3',
      'x_total{path="/a \\"b\\"\\\\\\n"} 1e-7',
      '# HELP y None',
      '# TYPE y gauge',
      '',
    ].join('\n'),
  );
});

it('a histogram: buckets up to each bound, the sum in seconds, the count', () => {
  const lines = textOf([
    {
      name: 'h',
      kind: 'histogram',
      help: 'H',
      classic: true,
      samples: [{ labels: [['a', 'b']], point }],
    },
  ]).split('\n');
  expect(lines).toContain('h_bucket{a="b",le="0.25"} 1');
  expect(lines).toContain('h_bucket{a="b",le="0.5"} 1');
  expect(lines).toContain('h_bucket{a="b",le="1"} 4');
  expect(lines).toContain('h_bucket{a="b",le="2"} 5');
  expect(lines).toContain('h_bucket{a="b",le="32"} 5');
  expect(lines.slice(-4)).toEqual([
    'h_bucket{a="b",le="+Inf"} 7',
    'h_sum{a="b"} 2.5',
    'h_count{a="b"} 7',
    '',
  ]);
});

it('a histogram without classic buckets still has its sum and count', () => {
  expect(
    textOf([
      {
        name: 'h',
        kind: 'histogram',
        help: 'H',
        classic: false,
        samples: [{ labels: [], point }],
      },
    ]),
  ).toBe(
    '# HELP h H\n# TYPE h histogram\nh_bucket{le="+Inf"} 7\nh_sum 2.5\nh_count 7\n',
  );
});
