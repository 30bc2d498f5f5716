/**
 * One set of words and colours for every page, in light and dark. Knows how a part of a wait looks and is called; knows
 * nothing about React or charts. Colour is never the only sign: a word stands beside it, and what is not known is
 * hatched.
 */
import type { Relation, Verdict } from 'backstage-plugin-contention-common';
import { parts } from '../translation/en/parts';

export type Mode = 'light' | 'dark';

export type QuotaLevel = 'container' | 'pod' | 'slice';

/** What a person reads for each part, in English. */
export const WORDS: Readonly<Record<Relation, string>> = parts;

/** Parts that are drawn hatched, so that they are told apart without colour. */
const HATCHED: ReadonlySet<Relation> = new Set(['unknown', 'other', 'idle']);

type FixedRelation = Exclude<Relation, 'neighbour'>;

const FIXED: Record<Mode, Record<FixedRelation | 'working', string>> = {
  light: {
    working: '#8592a3',
    sidecar: '#8250c4',
    self: '#c77d00',
    limit: '#2470d8',
    host: '#86705f',
    idle: '#7f8994',
    other: '#a87c7c',
    unknown: '#868d96',
  },
  dark: {
    working: '#9aa8b8',
    sidecar: '#b794f0',
    self: '#f0b13c',
    limit: '#6eaefb',
    host: '#bda48f',
    idle: '#8d97a3',
    other: '#b08d8d',
    unknown: '#9aa1aa',
  },
};

/**
 * The red family: hues from raspberry to brick, alternating in lightness so that two that meet in a stack differ. Short
 * of the ambers, which mean something else.
 */
const REDS: Record<Mode, readonly string[]> = {
  light: [
    '#c9252d',
    '#f0625d',
    '#8f1d3f',
    '#e0508c',
    '#b5391c',
    '#d81b60',
    '#7d2a2a',
    '#e06c3b',
    '#b5577a',
    '#a81e6b',
  ],
  dark: [
    '#ff5f66',
    '#ff8a7a',
    '#e5788f',
    '#ff93bf',
    '#e8704c',
    '#f9508f',
    '#d98d87',
    '#ffa06e',
    '#e3a3ba',
    '#e06bb0',
  ],
};

const LIMIT_LEVELS: Record<Mode, Record<QuotaLevel, string>> = {
  light: { container: '#5c9bea', pod: '#2470d8', slice: '#12407f' },
  dark: { container: '#a5cdfd', pod: '#6eaefb', slice: '#4183d9' },
};

/** Line dashes by quota level: the second sign beside the shade. */
export const LEVEL_DASH: Record<QuotaLevel, string | undefined> = {
  container: '2 3',
  pod: undefined,
  slice: '8 4',
};

/** FNV-1a, 32 bit: the same key has the same hue on every page. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    value = Math.imul(value ^ key.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** Shades of each red, so that two keys seldom look the same. */
const TONES = 3;

/** `#rrggbb`, moved towards black (0) or white (255); both move away from the page's background. */
function mixed(colour: string, towards: number, amount: number): string {
  const channels = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));
  return `#${channels
    .map(channel => Math.round(channel + (towards - channel) * amount))
    .map(channel => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

export interface Swatch {
  colour: string;
  hatched: boolean;
}

/** The layer of a report that holds the neighbours that are too small for one of their own. */
export const SMALLER_NEIGHBOURS = 'smaller-neighbours';

/** The key of neighbours of whom only the kind is known. */
const UNNAMED_NEIGHBOURS = 'container:unnamed';

/** How a part looks. `key` is the party's or layer's stable key; it matters for neighbours only. */
export function swatchOf(relation: Relation, key: string, mode: Mode): Swatch {
  if (relation === 'neighbour' && key === SMALLER_NEIGHBOURS) {
    return { colour: neighbourColour(mode), hatched: true };
  }
  if (relation !== 'neighbour') {
    return { colour: FIXED[mode][relation], hatched: HATCHED.has(relation) };
  }
  if (key === UNNAMED_NEIGHBOURS) {
    return { colour: neighbourColour(mode), hatched: false };
  }
  const reds = REDS[mode];
  const value = hash(key);
  const red = reds[value % reds.length];
  const tone = (value >>> 16) % TONES;
  const towards = mode === 'light' ? 0 : 255;
  return { colour: mixed(red, towards, tone * 0.13), hatched: false };
}

/** A neighbour in general, where no single one is meant. */
export function neighbourColour(mode: Mode): string {
  return REDS[mode][0];
}

/** Own work on the CPU. */
export function workingColour(mode: Mode): string {
  return FIXED[mode].working;
}

export function levelColour(level: QuotaLevel, mode: Mode): string {
  return LIMIT_LEVELS[mode][level];
}

/** What slow requests can be made of besides waiting for a CPU. */
const REQUEST_CAUSES: Record<Mode, Record<RequestCause, string>> = {
  light: {
    work: FIXED.light.working,
    upstream: '#00827f',
    unread: '#8a7400',
    retransmission: '#0b5c74',
  },
  dark: {
    work: FIXED.dark.working,
    upstream: '#3fc1bd',
    unread: '#d3bd4e',
    retransmission: '#b4ecf7',
  },
};

export type RequestCause = 'work' | 'upstream' | 'unread' | 'retransmission';

export function requestCauseColour(cause: RequestCause, mode: Mode): string {
  return REQUEST_CAUSES[mode][cause];
}

/** Packets in a queue: the green-blues, for neighbours and in general, and for those who are no neighbours. */
const QUEUES: Record<
  Mode,
  { neighbours: readonly string[] } & Record<
    'sidecar' | 'self' | 'host' | 'others',
    string
  >
> = {
  light: {
    neighbours: ['#1793b1', '#3aafca', '#0d7c99'],
    sidecar: '#5f8fb8',
    self: '#57a593',
    host: '#5d8593',
    others: '#7499a3',
  },
  dark: {
    neighbours: ['#37bcdb', '#74d3ea', '#1d9dbd'],
    sidecar: '#86b4dc',
    self: '#7fcab8',
    host: '#88aab6',
    others: '#9dbac2',
  },
};

/** The colour of packets that stood in a queue, by whose were ahead of them. */
export function queueColour(
  relation: Relation,
  key: string,
  mode: Mode,
): string {
  const queues = QUEUES[mode];
  switch (relation) {
    case 'neighbour':
      return queues.neighbours[hash(key) % queues.neighbours.length];
    case 'sidecar':
    case 'self':
    case 'host':
      return queues[relation];
    default:
      return queues.others;
  }
}

/** Relative luminance of `#rrggbb`, as WCAG defines it. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map(at => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever can be read better on a colour. */
export function inkOn(colour: string): string {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

/**
 * The colour of a verdict's mark. Green is "nothing held it up", grey is "no data": they never look alike. `outdated`:
 * the verdict is of data that is not the newest, and says nothing about now.
 */
export function verdictColour(
  verdict: Verdict,
  mode: Mode,
  outdated = false,
): string {
  if (outdated) return FIXED[mode].unknown;
  const key = 'verdict';
  switch (verdict.cause) {
    case 'quiet':
      return mode === 'light' ? '#2e7d46' : '#6cc78a';
    case 'no-data':
    case 'unsure':
      return FIXED[mode].unknown;
    case 'neighbour':
      return neighbourColour(mode);
    case 'work':
    case 'upstream':
    case 'unread':
    case 'retransmission':
      return requestCauseColour(verdict.cause, mode);
    default:
      return swatchOf(verdict.cause, key, mode).colour;
  }
}

/** From few to many, for a heat map: one hue that none of the parts uses, so that it means only "how many". */
export const HEAT: Record<Mode, readonly [string, string, string]> = {
  light: ['#e3eef0', '#5f9ea8', '#0d3b45'],
  dark: ['#2f4449', '#4f98a5', '#d6f3f7'],
};
