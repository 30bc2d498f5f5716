/** What the arithmetic of requests starts from. */
import {
  ATTRIBUTE,
  type DurationHistogram,
  type RequestRole,
} from 'backstage-plugin-contention-common';
import type { StoredResource, StoredSeries, StoredWorst } from '../../store';
import type { SeriesFacts } from '../facts';

export interface RequestFacts {
  /** Whose requests everything below `durations` is of. */
  role: RequestRole;
  /** Of every own container: those of the role on the axis of the report, those of the other one in a single window. */
  durations: readonly SeriesFacts[];
  /** Agents on the nodes of the service time requests, whoever's. */
  isTimed: boolean;
  /** Of the whole range and the counted containers. */
  anatomy: readonly AnatomySeries[];
  /** Absent when nothing is selected. */
  selected?: { selection: Selection; anatomy: readonly AnatomySeries[] };
  /** Of the selection and the counted containers, slowest first. */
  worst: readonly WorstFacts[];
  /** Longest waits of threads of own containers in the range, longest first. */
  worstWaits: readonly WorstFacts[];
  preceding: EarlierFacts;
  /** The same hours on earlier days, newest first; only days with data. */
  days: readonly EarlierFacts[];
  /** Own containers of the range and of the time before it that was looked at. */
  past: readonly StoredResource[];
}

/** Part of the range, in whole windows of the axis, and of the durations, in whole bands. */
export interface Selection {
  /** Windows `first` to `last`, both included. */
  first: number;
  last: number;
  /** Numbers of bands, both included; see bands.ts. Absent: open. */
  lowestBand?: number;
  highestBand?: number;
}

export interface AnatomySeries {
  series: StoredSeries;
  resource: StoredResource;
  seconds: number;
}

export interface WorstFacts {
  worst: StoredWorst;
  series: StoredSeries;
  resource: StoredResource;
}

/** Requests of a range that lies before that of the report. */
export interface EarlierFacts {
  fromMs: number;
  toMs: number;
  coveredSeconds: number;
  histogram: DurationHistogram;
}

export function roleOf({ attributes }: StoredSeries): RequestRole {
  return attributes[ATTRIBUTE.role] as RequestRole;
}

export function isEstimated({ attributes }: StoredSeries): boolean {
  return String(attributes[ATTRIBUTE.estimated]) === 'true';
}
