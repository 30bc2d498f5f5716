/** Pairs over time: one layer for each of the largest on the other side, the rest folded into one. Pure. */
import type { Direction, Layer } from 'backstage-plugin-contention-common';
import type { StoredSeries } from '../../store';
import { perSecond } from '../facts';
import type { Presenter } from '../present';
import {
  byCulprit,
  byVictim,
  sidesOf,
  type PairFacts,
  type Side,
} from './pairs';

/** Layers that a chart can tell apart. */
const MAX_LAYERS = 8;

/** What the store is asked to add up for each layer. */
export interface TrendPlan {
  sides: Side[];
  /** How many sides are in the last layer; 0: nothing is folded. */
  folded: number;
  groups: StoredSeries[][];
}

export function planTrend(
  pairs: readonly PairFacts[],
  direction: Direction,
): TrendPlan {
  const all = sidesOf(pairs, direction === 'suffered' ? byCulprit : byVictim);
  const shown = all.length > MAX_LAYERS ? all.slice(0, MAX_LAYERS - 1) : all;
  const rest = all.slice(shown.length);
  const seriesOf = (sides: readonly Side[]) =>
    sides.flatMap(side => side.pairs.flatMap(({ series }) => series));
  return {
    sides: shown,
    folded: rest.length,
    groups: [
      ...shown.map(side => seriesOf([side])),
      ...(rest.length > 0 ? [seriesOf(rest)] : []),
    ],
  };
}

export function trendLayers(
  { sides, folded }: TrendPlan,
  sums: readonly (readonly (number | undefined)[])[],
  coveredSeconds: readonly number[],
  presenter: Presenter,
): Layer[] {
  const valuesOf = (index: number) =>
    perSecond(
      sums[index].map(value => value ?? 0),
      coveredSeconds,
    );
  const layers = sides.map(({ party }, index): Layer => {
    const { key, name } = presenter.party(party);
    return { key, relation: 'neighbour', label: name, values: valuesOf(index) };
  });
  if (folded > 0) {
    layers.push({
      key: 'smaller-neighbours',
      relation: 'neighbour',
      label: `${folded} smaller ones`,
      values: valuesOf(sides.length),
    });
  }
  return layers;
}
