/**
 * Families as Prometheus' protobuf, whose histograms are native: all of their buckets, at the resolution in which they were
 * measured. Field numbers are those of io/prometheus/client/metrics.proto.
 */
import { SCALE } from 'backstage-plugin-contention-common/histogram';
import { Writer } from 'protobufjs/minimal';
import { secondsOf, type HistogramPoint } from '../otlp/model';
import { double, long, message, tag, text, WIRE } from '../otlp/wire';
import { classicBuckets } from './classic';
import type { Family, Labels } from './families';

export const PROTOBUF_TYPE =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const TYPES: Record<Family['kind'], number> = {
  counter: 0,
  gauge: 1,
  histogram: 4,
};

function uint64(writer: Writer, field: number, value: bigint): void {
  writer.uint32(tag(field, WIRE.varint)).uint64(long(value));
}

function labelPairs(writer: Writer, labels: Labels): void {
  for (const [name, value] of labels) {
    message(writer, 1, () => {
      text(writer, 1, name);
      text(writer, 2, value);
    });
  }
}

interface Span {
  /** From the end of the one before; of the first, from 0. */
  offset: number;
  counts: bigint[];
}

/**
 * Runs of buckets that hold something. A native bucket's index is that of its upper bound: one more than OpenTelemetry's.
 * @returns an empty run where all are empty, by which it is told from a histogram that has none
 */
function spansOf(buckets: HistogramPoint['buckets']): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const [index, count] of [...buckets].sort(([a], [b]) => a - b)) {
    if (count === 0n) continue;
    const at = index + 1;
    if (spans.length === 0 || at > end) {
      spans.push({ offset: at - end, counts: [count] });
    } else {
      spans[spans.length - 1].counts.push(count);
    }
    end = at + 1;
  }
  return spans.length > 0 ? spans : [{ offset: 0, counts: [] }];
}

/** The shape of a signed integer, zigzag-encoded by protobufjs. */
function signed(value: bigint) {
  return { ...long(value), unsigned: false };
}

function native(writer: Writer, { buckets, zeroCount }: HistogramPoint): void {
  const spans = spansOf(buckets);
  writer.uint32(tag(5, WIRE.varint)).sint32(SCALE);
  double(writer, 6, 0);
  uint64(writer, 7, zeroCount);
  for (const { offset, counts } of spans) {
    message(writer, 12, () => {
      writer.uint32(tag(1, WIRE.varint)).sint32(offset);
      writer.uint32(tag(2, WIRE.varint)).uint32(counts.length);
    });
  }
  message(writer, 13, () => {
    let before = 0n;
    for (const count of spans.flatMap(({ counts }) => counts)) {
      writer.sint64(signed(count - before));
      before = count;
    }
  });
}

function histogram(
  writer: Writer,
  classic: boolean,
  point: HistogramPoint,
): void {
  uint64(writer, 1, point.count);
  double(writer, 2, secondsOf(point.sumNs));
  for (const { upperBound, count } of classic ? classicBuckets(point) : []) {
    message(writer, 3, () => {
      uint64(writer, 1, count);
      double(writer, 2, upperBound);
    });
  }
  native(writer, point);
}

function metrics(writer: Writer, family: Family): void {
  if (family.kind === 'histogram') {
    for (const { labels, point } of family.samples) {
      message(writer, 4, () => {
        labelPairs(writer, labels);
        message(writer, 7, () => histogram(writer, family.classic, point));
      });
    }
    return;
  }
  const field = family.kind === 'gauge' ? 2 : 3;
  for (const { labels, value } of family.samples) {
    message(writer, 4, () => {
      labelPairs(writer, labels);
      message(writer, field, () => double(writer, 1, value));
    });
  }
}

/** A message each, with its length before it. */
export function* familiesAsProtobuf(
  families: readonly Family[],
): Generator<Uint8Array> {
  for (const family of families) {
    const writer = Writer.create().fork();
    text(writer, 1, family.name);
    text(writer, 2, family.help);
    writer.uint32(tag(3, WIRE.varint)).int32(TYPES[family.kind]);
    metrics(writer, family);
    yield writer.ldelim().finish();
  }
}
