/** Where flags of markers stand on a time line: those that would cover each other share one. Pure. */
import type { Marker } from 'backstage-plugin-contention-common';
import type { TimeScale } from './scales';
import type { Stretch } from './windows';

export interface Flag {
  /** Pixels: where its pole is, and how far its pennant may reach. */
  x: number;
  room: number;
  markers: Marker[];
}

/** Closer than this, two flags are one. Pixels. */
const LEAST_DISTANCE = 18;

export function layoutFlags(
  markers: readonly Marker[],
  range: Stretch,
  x: TimeScale,
): Flag[] {
  const flags: Flag[] = [];
  for (const marker of [...markers].sort((a, b) => a.at - b.at)) {
    if (marker.at < range.from || marker.at > range.to) continue;
    const at = x(marker.at);
    const last = flags[flags.length - 1];
    if (last && at - last.x < LEAST_DISTANCE) last.markers.push(marker);
    else flags.push({ x: at, room: 0, markers: [marker] });
  }
  const [, right] = x.range();
  return flags.map((flag, index) => ({
    ...flag,
    room: (flags[index + 1]?.x ?? right) - flag.x,
  }));
}
