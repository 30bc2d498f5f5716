/** Who hurts this entity, and whom it hurts. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type Culprit,
  type Layer,
  type NeighboursReport,
  type Relation,
} from 'backstage-plugin-contention-common';
import { entitlementOf, usageTogether } from './entitlement';
import {
  nodeKey,
  perSecond,
  seriesOf,
  startOf,
  sumOf,
  totalOf,
  addInto,
  zeros,
  type Facts,
  type SeriesFacts,
  type Usage,
} from './facts';
import { partyOfResource, type PartyFacts } from './parties';
import type { Presenter } from './present';
import {
  addPart,
  largestFirst,
  timelineOf,
  type PartTimeline,
  type Timeline,
} from './timeline';
import { RELATION_WORD } from './words';

/** Layers that a chart can tell apart; the smaller ones are folded into one. */
const MAX_LAYERS = 8;
/** Rows of the ranking. */
const MAX_CULPRITS = 50;

export type Body = Pick<
  NeighboursReport,
  | 'direction'
  | 'resource'
  | 'total'
  | 'layers'
  | 'layersApart'
  | 'culprits'
  | 'apart'
  | 'nodes'
>;

/** Parts that stand apart from neighbours, in the order in which they are stacked. */
const APART: Relation[] = [
  'limit',
  'sidecar',
  'self',
  'host',
  'other',
  'idle',
  'unknown',
];

export function neighboursSuffered(facts: Facts, presenter: Presenter): Body {
  const timeline = timelineOf(facts);
  const waitSeconds = sumOf(timeline.wait);
  const cpuSeconds = sumOf(timeline.cpu);
  return {
    direction: 'suffered',
    resource: 'cpu',
    ...ranked(facts, timeline.parts, presenter, {
      words: RELATION_WORD,
      more: ({ party }) => {
        const usage = facts.usage.get(party.key);
        return {
          ...presenter.own(party, usage),
          entitlement: entitlementOf(usage),
        };
      },
    }),
    total: {
      waitSeconds,
      cpuSeconds,
      waitShare: shareOf(waitSeconds, waitSeconds + cpuSeconds),
      ...neighbourTotals(timeline.parts),
    },
    nodes: nodesSuffered(facts, timeline, presenter),
  };
}

/**
 * The same with the sides changed: who waited while this entity ran.
 * @param whole - the range in one window
 */
export function neighboursCaused(
  facts: Facts,
  whole: Facts,
  presenter: Presenter,
): Body {
  const parts = victimParts(facts);
  return {
    direction: 'caused',
    resource: 'cpu',
    ...ranked(facts, parts, presenter, {
      words: RELATION_WORD,
      // Of whoever ran, which is the entity itself, where the two met.
      more: part =>
        usageRow(
          usageTogether(
            [...part.byNode.values()].map(
              node => facts.ownUsage.get(nodeKey(node)) ?? {},
            ),
          ),
        ),
    }),
    total: {
      waitSeconds: sumOf(parts.map(({ total }) => total)),
      cpuSeconds: sumOf(totalOf(whole, METRIC.cpuTime)),
      ...neighbourTotals(parts),
    },
    nodes: facts.nodes.flatMap(node => {
      const values = zeros(facts.axis);
      const here = facts.caused.filter(
        ({ resource }) =>
          resource.cluster === node.cluster && resource.node === node.node,
      );
      here.forEach(({ windows }) => addInto(values, windows.values));
      const seconds = sumOf(values);
      return [
        {
          ...placeOf(node),
          waitSeconds: seconds,
          neighbourSeconds: neighbourSecondsOn(parts, node),
          values: perSecond(values, node.coveredSeconds),
          topCulprit: topOn(parts, node, presenter),
        },
      ];
    }),
  };
}

function usageRow(usage: Usage | undefined) {
  return { ...usage, entitlement: entitlementOf(usage) };
}

/** Whose waiting a series of what the entity caused is. */
export function victimOf(
  { perspective }: Pick<Facts, 'perspective'>,
  { series, resource }: Pick<SeriesFacts, 'series' | 'resource'>,
): PartyFacts {
  const isSidecar =
    String(series.attributes[ATTRIBUTE.culpritSamePod]) === 'true';
  return partyOfResource(
    resource,
    isSidecar ? 'sidecar' : 'neighbour',
    'container',
    perspective,
  );
}

/** Parties who waited while this entity ran, or sent. */
export function victimParts(facts: Facts): PartTimeline[] {
  const parts = new Map<string, PartTimeline>();
  for (const item of facts.caused) {
    const { resource, windows } = item;
    addPart(parts, facts.axis, victimOf(facts, item), resource, windows.values);
  }
  return largestFirst(parts);
}

function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.min(1, part / whole) : undefined;
}

export function neighbourTotals(parts: readonly PartTimeline[]) {
  const all = sumOf(parts.map(({ total }) => total));
  const neighbourSeconds = sumOf(
    parts.filter(isNeighbour).map(({ total }) => total),
  );
  return { neighbourSeconds, neighbourShare: shareOf(neighbourSeconds, all) };
}

function isNeighbour({ party }: { party: PartyFacts }): boolean {
  return party.relation === 'neighbour';
}

/** What differs by what was waited for. */
interface Ranking {
  /** What stands apart from neighbours is called. */
  words: Record<Relation, string>;
  /** What a row tells beside the waiting. */
  more(part: PartTimeline): Omit<Culprit, keyof Ranked>;
}

type Ranked = Pick<
  Culprit,
  | 'party'
  | 'waitSeconds'
  | 'share'
  | 'values'
  | 'firstSeen'
  | 'lastSeen'
  | 'nodes'
>;

/** Layers and rows, neighbours first, everything else apart. */
export function ranked(
  facts: Facts,
  parts: readonly PartTimeline[],
  presenter: Presenter,
  { words, more }: Ranking,
): Pick<Body, 'layers' | 'layersApart' | 'culprits' | 'apart'> {
  const all = sumOf(parts.map(({ total }) => total));
  const row = (part: PartTimeline): Culprit => ({
    ...rowOf(facts, part, all, presenter),
    ...more(part),
  });
  const neighbours = parts.filter(isNeighbour);
  const others = parts.filter(part => !isNeighbour(part));
  return {
    layers: neighbourLayers(facts, neighbours, presenter),
    layersApart: APART.flatMap((relation): Layer[] => {
      const values = zeros(facts.axis);
      const members = others.filter(({ party }) => party.relation === relation);
      if (members.length === 0) return [];
      members.forEach(({ seconds }) => addInto(values, seconds));
      return [
        {
          key: relation,
          relation,
          label: words[relation],
          values: perSecond(values, facts.coveredSeconds),
        },
      ];
    }),
    culprits: neighbours.slice(0, MAX_CULPRITS).map(row),
    apart: others.slice(0, MAX_CULPRITS).map(row),
  };
}

function neighbourLayers(
  facts: Facts,
  neighbours: readonly PartTimeline[],
  presenter: Presenter,
): Layer[] {
  const shown =
    neighbours.length > MAX_LAYERS
      ? neighbours.slice(0, MAX_LAYERS - 1)
      : neighbours;
  const folded = neighbours.slice(shown.length);
  const layers = shown.map(({ party, seconds }): Layer => {
    const { key, name } = presenter.party(party);
    return {
      key,
      relation: 'neighbour',
      label: name,
      values: perSecond(seconds, facts.coveredSeconds),
    };
  });
  if (folded.length > 0) {
    const values = zeros(facts.axis);
    folded.forEach(({ seconds }) => addInto(values, seconds));
    layers.push({
      key: 'smaller-neighbours',
      relation: 'neighbour',
      label: `${folded.length} smaller neighbours`,
      values: perSecond(values, facts.coveredSeconds),
    });
  }
  return layers;
}

function rowOf(
  facts: Facts,
  part: PartTimeline,
  all: number,
  presenter: Presenter,
): Ranked {
  const { axis } = facts;
  const isActive = (seconds: number) => seconds > 0;
  const first = part.seconds.findIndex(isActive);
  const last = part.seconds.findLastIndex(isActive);
  return {
    party: presenter.party(part.party),
    waitSeconds: part.total,
    share: shareOf(part.total, all) ?? 0,
    values: perSecond(part.seconds, facts.coveredSeconds),
    firstSeen: startOf(axis, first),
    lastSeen: startOf(axis, last + 1),
    nodes: [...part.byNode.values()]
      .filter(({ seconds }) => seconds > 0)
      .sort((a, b) => b.seconds - a.seconds)
      .map(({ cluster, node, seconds }) => ({
        cluster,
        node,
        waitSeconds: seconds,
      })),
  };
}

function placeOf({ cluster, node }: { cluster: string; node: string }) {
  return { cluster, node };
}

export function neighbourSecondsOn(
  parts: readonly PartTimeline[],
  node: { cluster: string; node: string },
): number {
  return sumOf(
    parts
      .filter(isNeighbour)
      .map(({ byNode }) => byNode.get(nodeKey(node))?.seconds),
  );
}

/** The neighbour with the largest part on a node. */
export function topOn(
  parts: readonly PartTimeline[],
  node: { cluster: string; node: string },
  presenter: Presenter,
): string | undefined {
  const [top] = parts
    .filter(isNeighbour)
    .map(part => ({
      part,
      seconds: part.byNode.get(nodeKey(node))?.seconds ?? 0,
    }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
  return top && presenter.party(top.part.party).name;
}

function nodesSuffered(
  facts: Facts,
  timeline: Timeline,
  presenter: Presenter,
): Body['nodes'] {
  return facts.nodes.map(node => {
    const values = zeros(facts.axis);
    for (const { resource, windows } of seriesOf(facts, METRIC.cpuWait)) {
      if (nodeKey(resource) === nodeKey(node)) addInto(values, windows.values);
    }
    return {
      ...placeOf(node),
      waitSeconds: sumOf(values),
      neighbourSeconds: neighbourSecondsOn(timeline.parts, node),
      cpuMean: node.cpuMean,
      cpuCount: node.cpuCount,
      values: perSecond(values, node.coveredSeconds),
      topCulprit: topOn(timeline.parts, node, presenter),
    };
  });
}
