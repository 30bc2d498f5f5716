/** What every report has, with the usual answers. */
import type {
  Confidence,
  Freshness,
  Marker,
  Problem,
  ReportState,
  Verdict,
} from 'backstage-plugin-contention-common';
import { entityLink } from './parties';
import { axisOf } from './series';
import { sentence } from './sentences';

export interface Range {
  from: number;
  to: number;
}

/** Everything that all four reports share. */
export function reportBase(name: string, range: Range, team = 'shop') {
  const status: ReportState = { state: 'ok' };
  const problems: Problem[] = [];
  const markers: Marker[] = [];
  return {
    entity: entityLink(name, team),
    range,
    clusters: ['demo'],
    status,
    freshness: freshAt(range.to),
    confidence: exactly(),
    problems,
    axis: axisOf(range),
    markers,
  };
}

export function freshAt(toMs: number): Freshness {
  return {
    newest: toMs - 12_000,
    ageSeconds: 12,
    stale: false,
    staleNodes: [],
  };
}

export function exactly(): Confidence {
  return {
    method: 'exact',
    unattributedShare: 0.0021,
    lostEvents: 0,
    losses: [],
    missing: [],
    notes: [],
  };
}

export function quiet(name: string): Verdict {
  return {
    cause: 'quiet',
    severity: 'none',
    sentence: sentence(
      `Nothing held ~${name}~ up in this range. It waited *0.2 %* of the time it wanted to run.`,
    ),
  };
}

export function nothingToSay(): Verdict {
  return {
    cause: 'no-data',
    severity: 'none',
    sentence: sentence('There is no data.'),
  };
}
