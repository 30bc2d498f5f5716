/** A line of the sensor becomes a frame, or an error that says what is wrong with it. */
import type { Frame } from './frame';

const ARRAYS = [
  'cgroups',
  'waits',
  'blame',
  'open',
  'cpu',
  'stalls',
  'burn',
  'requests',
  'anatomy',
  'worst',
] as const;
/** Those that a sensor of an earlier release does not have: it has measured none of it. */
const LATER_ARRAYS = [
  'dns',
  'unread',
  'peers',
  'listeners',
  'netQueues',
  'netBlame',
  'netIo',
  'netDrops',
  'arrivals',
] as const;
const EDGES = [
  'monotonicNs',
  'realtimeNs',
  'startMonotonicNs',
  'startRealtimeNs',
] as const;

/** @throws when the line is no frame of version 1 */
export function parseFrame(line: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(
      `the sensor sent a line that is no JSON: ${JSON.stringify(
        line.slice(0, 80),
      )}`,
      { cause: error },
    );
  }
  const frame = value as Frame;
  if (typeof value !== 'object' || value === null || !('version' in value)) {
    throw new Error('the sensor sent JSON that is no frame: it has no version');
  }
  if (frame.version !== 1) {
    throw new Error(
      `the sensor speaks frame version ${frame.version}, this agent version 1: use a sensor and an agent of one release`,
    );
  }
  for (const key of ARRAYS) {
    if (!Array.isArray(frame[key])) throw new Error(`frame without "${key}"`);
  }
  for (const key of LATER_ARRAYS) {
    frame[key] ??= [];
    if (!Array.isArray(frame[key])) throw new Error(`frame without "${key}"`);
  }
  for (const key of EDGES) {
    if (!/^\d+$/.test(frame[key])) throw new Error(`frame without "${key}"`);
  }
  if (!Number.isSafeInteger(frame.sequence)) {
    throw new Error('frame without "sequence"');
  }
  if (!frame.health || !frame.cpus || !frame.hierarchy) {
    throw new Error('frame without "health", "cpus" or "hierarchy"');
  }
  return frame;
}
