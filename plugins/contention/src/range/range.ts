/**
 * The time range as the URL says it: `from=now-1h&to=now`, or absolute times. Pure: refuses to know what time it is and
 * where the text comes from.
 */

/** A moment: fixed, or as far before now. Milliseconds. */
export type Endpoint =
  { type: 'absolute'; atMs: number } | { type: 'relative'; agoMs: number };

export interface RangeSpec {
  from: Endpoint;
  to: Endpoint;
}

/** Epoch milliseconds. */
export interface ResolvedRange {
  from: number;
  to: number;
}

const UNIT_MS = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const;

/** One click away, in the order of the buttons. */
export const PRESETS: ReadonlyArray<{ from: string; label: string }> = [
  { from: 'now-15m', label: '15 min' },
  { from: 'now-1h', label: '1 h' },
  { from: 'now-6h', label: '6 h' },
  { from: 'now-24h', label: '24 h' },
  { from: 'now-3d', label: '3 d' },
  { from: 'now-30d', label: '30 d' },
];

export const DEFAULT_RANGE: RangeSpec = {
  from: { type: 'relative', agoMs: UNIT_MS.h },
  to: { type: 'relative', agoMs: 0 },
};

/** `now`, `now-90m`, ISO 8601 or epoch milliseconds; undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const relative = /^now(?:-(\d+)([smhd]))?$/.exec(text);
  if (relative) {
    const [, amount, unit] = relative;
    const agoMs = amount
      ? Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
      : 0;
    return { type: 'relative', agoMs };
  }
  const atMs = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  // Beyond this a Date cannot be formatted.
  return Math.abs(atMs) <= 8.64e15 ? { type: 'absolute', atMs } : undefined;
}

export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.type === 'absolute') {
    return new Date(endpoint.atMs).toISOString().replace(/\.000Z$/, 'Z');
  }
  const { agoMs } = endpoint;
  if (agoMs === 0) return 'now';
  const unit = (['d', 'h', 'm', 's'] as const).find(
    candidate => agoMs % UNIT_MS[candidate] === 0,
  );
  // 24 h stays 24 h: nobody thinks of the last day as "1 d".
  if (unit === 'd' && agoMs === UNIT_MS.d) return 'now-24h';
  return unit ? `now-${agoMs / UNIT_MS[unit]}${unit}` : 'now';
}

/** Reads `from` and `to`; whatever is missing or no time falls back to the last hour as a whole. */
export function readRange(params: URLSearchParams, nowMs: number): RangeSpec {
  const from = params.get('from');
  const to = params.get('to');
  const start = from ? parseEndpoint(from) : undefined;
  const end = to ? parseEndpoint(to) : DEFAULT_RANGE.to;
  if (!start || !end) return DEFAULT_RANGE;
  const spec = { from: start, to: end };
  const { from: fromMs, to: toMs } = resolveRange(spec, nowMs);
  return fromMs < toMs ? spec : DEFAULT_RANGE;
}

export function resolveRange(spec: RangeSpec, nowMs: number): ResolvedRange {
  const resolve = (endpoint: Endpoint) =>
    endpoint.type === 'absolute' ? endpoint.atMs : nowMs - endpoint.agoMs;
  return { from: resolve(spec.from), to: resolve(spec.to) };
}

/** What to ask the backend for. Where a range ends now is left to the backend: the reader's clock may be wrong. */
export function requestedRange(
  spec: RangeSpec,
  nowMs: number,
): { from: number; to?: number } | { lastSeconds: number } {
  if (!isLive(spec)) return resolveRange(spec, nowMs);
  return spec.from.type === 'relative'
    ? { lastSeconds: spec.from.agoMs / 1000 }
    : { from: spec.from.atMs };
}

/** The range ends now, so that new data keeps coming in. */
export function isLive(spec: RangeSpec): boolean {
  return spec.to.type === 'relative' && spec.to.agoMs === 0;
}

export function absoluteRange(fromMs: number, toMs: number): RangeSpec {
  return {
    from: { type: 'absolute', atMs: Math.round(fromMs) },
    to: { type: 'absolute', atMs: Math.round(toMs) },
  };
}

/** As long as the longest preset: a backend keeps little more. */
const LONGEST_MS = 30 * UNIT_MS.d;

/** Twice as long around the same middle, never ending in the future and never longer than the longest preset. */
export function zoomedOut(range: ResolvedRange, nowMs: number): ResolvedRange {
  const length = Math.min(2 * (range.to - range.from), LONGEST_MS);
  const middle = (range.from + range.to) / 2;
  const to = Math.min(middle + length / 2, nowMs);
  return { from: to - length, to };
}

/** The same parameters with another range; everything else in the URL stays. */
export function withRange(
  params: URLSearchParams,
  spec: RangeSpec,
): URLSearchParams {
  const next = new URLSearchParams(params);
  next.set('from', formatEndpoint(spec.from));
  next.set('to', formatEndpoint(spec.to));
  return next;
}
