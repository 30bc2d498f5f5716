/** Who waited while who ran, or stood behind whose packets, window by window. Pure. */
import type {
  Layer,
  NodeCell,
  NodeCulprit,
  NodeReport,
  NodeVictim,
  Party,
  Relation,
} from 'backstage-plugin-contention-common';
import { addInto, perSecond, sumOf, zeros, type Windows } from '../facts';
import { entitlementOf } from '../entitlement';
import { BEHIND_WORD, RELATION_WORD } from '../words';
import {
  crowdedOf,
  type CulpritFacts,
  type OneNode,
  type VictimFacts,
  type WhoWaited,
} from './facts';
import { hiddenParty, type NodePresenter } from './present';
import type { NodeUsage } from './residents';

/** Rows and columns that a person can still read; the smaller ones are folded into one. */
const MAX_VICTIMS = 40;
const MAX_NEIGHBOURS = 12;
/** Layers that a chart can tell apart. */
const MAX_LAYERS = 8;

const SMALLER = 'smaller-neighbours';

/** Columns that stand apart from neighbours, in the order in which they are stacked. */
const APART: Relation[] = [
  'limit',
  'sidecar',
  'self',
  'host',
  'other',
  'idle',
  'unknown',
];

type Matrix = Pick<
  NodeReport,
  'total' | 'layers' | 'layersApart' | 'victims' | 'culprits' | 'cells'
>;

interface Row {
  party: Party;
  members: VictimFacts[];
}

interface Column extends NodeCulprit {
  /** Keys of the culprits that it holds. */
  keys: ReadonlySet<string>;
}

export function matrixOf(
  facts: OneNode,
  who: WhoWaited,
  usage: ReadonlyMap<string, NodeUsage>,
  presenter: NodePresenter,
): Matrix {
  const isCpu = facts.resource === 'cpu';
  const columns = columnsOf(facts, who, usage, presenter);
  const rows = rowsOf(who.victims, presenter);
  const cells = rows.flatMap((row, victim) =>
    columns.flatMap((column, culprit): NodeCell[] => {
      const values = cellOf(facts, row, column);
      return values.some(value => value > 0)
        ? [{ victim, culprit, values: values.map(toMicroseconds) }]
        : [];
    }),
  );
  const columnValues = columns.map(column => {
    const values = zeros(facts.axis);
    for (const victim of who.victims) {
      for (const [key, seconds] of victim.by) {
        if (column.keys.has(key)) addInto(values, seconds);
      }
    }
    return values;
  });
  const layerOf = (index: number): Layer => ({
    key: columns[index].key,
    relation: columns[index].relation,
    label: columns[index].label,
    values: perSecond(columnValues[index], facts.coveredSeconds),
  });
  return {
    total: {
      waitSeconds: sumOf(who.victims.map(({ wait }) => sumOf(wait))),
      wantedSeconds: isCpu
        ? sumOf(who.victims.map(({ wait, cpu }) => sumOf(wait) + sumOf(cpu)))
        : 0,
      crowdedSeconds: sumOf(
        who.victims.map(victim => sumOf(crowdedOf(victim, who.culprits))),
      ),
    },
    layers: neighbourLayers(facts, columns, columnValues, layerOf),
    layersApart: columns.flatMap(({ relation }, index) =>
      relation === 'neighbour' ? [] : [layerOf(index)],
    ),
    victims: rows.map(({ party, members }): NodeVictim => {
      const wanted = zeros(facts.axis);
      const packets = zeros(facts.axis);
      for (const member of members) {
        if (isCpu) {
          addInto(wanted, member.wait);
          addInto(wanted, member.cpu);
        }
        addInto(packets, member.packets);
      }
      return {
        party,
        wanted: wanted.map(toMicroseconds),
        ...(isCpu ? {} : { packets }),
      };
    }),
    culprits: columns.map(({ keys: _keys, ...column }) => column),
    cells,
  };
}

function cellOf(facts: OneNode, row: Row, column: Column): Windows {
  const values = zeros(facts.axis);
  for (const { by } of row.members) {
    for (const [key, seconds] of by) {
      if (column.keys.has(key)) addInto(values, seconds);
    }
  }
  return values;
}

function rowsOf(
  victims: readonly VictimFacts[],
  presenter: NodePresenter,
): Row[] {
  const waiting = victims.filter(({ wait, by }) => sumOf(wait) > 0 || by.size);
  const hidden = waiting.filter(({ party }) => presenter.isHidden(party));
  const named = waiting.filter(({ party }) => !presenter.isHidden(party));
  const shown =
    named.length > MAX_VICTIMS ? named.slice(0, MAX_VICTIMS - 1) : named;
  const folded = named.slice(shown.length);
  return [
    ...shown.map(victim => ({
      party: presenter.victims.party(victim.party),
      members: [victim],
    })),
    ...(folded.length > 0
      ? [
          {
            party: {
              key: 'smaller-victims',
              relation: 'other' as const,
              kind: 'other' as const,
              name: `${folded.length} others who waited less`,
              entities: [],
              redacted: false,
            },
            members: folded,
          },
        ]
      : []),
    ...(hidden.length > 0
      ? [{ party: hiddenParty(hidden.length), members: hidden }]
      : []),
  ];
}

function columnsOf(
  facts: OneNode,
  { culprits }: WhoWaited,
  usage: ReadonlyMap<string, NodeUsage>,
  presenter: NodePresenter,
): Column[] {
  const words = facts.resource === 'cpu' ? RELATION_WORD : BEHIND_WORD;
  const all = [...culprits.values()].filter(({ total }) => total > 0);
  const neighbours = all
    .filter(({ relation }) => relation === 'neighbour')
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
  const shown =
    neighbours.length > MAX_NEIGHBOURS
      ? neighbours.slice(0, MAX_NEIGHBOURS - 1)
      : neighbours;
  const folded = neighbours.slice(shown.length);
  return [
    ...shown.map(culprit => neighbourColumn(culprit, usage, presenter)),
    ...(folded.length > 0
      ? [
          {
            key: SMALLER,
            relation: 'neighbour' as const,
            label: `${folded.length} smaller neighbours`,
            entitlement: 'unknown' as const,
            keys: new Set(folded.map(({ key }) => key)),
          },
        ]
      : []),
    ...APART.flatMap((relation): Column[] =>
      all.some(culprit => culprit.key === relation)
        ? [
            {
              key: relation,
              relation,
              label: words[relation],
              entitlement: 'unknown',
              keys: new Set([relation]),
            },
          ]
        : [],
    ),
  ];
}

function neighbourColumn(
  { key, party }: CulpritFacts,
  usage: ReadonlyMap<string, NodeUsage>,
  presenter: NodePresenter,
): Column {
  const shown = presenter.culprits.party(party!);
  const used = usage.get(key);
  return {
    key: shown.key,
    relation: 'neighbour',
    label: shown.name,
    party: shown,
    ...presenter.culprits.own(party!, used),
    entitlement: entitlementOf(used),
    keys: new Set([key]),
  };
}

function neighbourLayers(
  facts: OneNode,
  columns: readonly Column[],
  values: readonly Windows[],
  layerOf: (index: number) => Layer,
): Layer[] {
  const indices = columns.flatMap(({ relation }, index) =>
    relation === 'neighbour' ? [index] : [],
  );
  if (indices.length <= MAX_LAYERS) return indices.map(layerOf);
  const rest = indices.slice(MAX_LAYERS - 1);
  const sum = zeros(facts.axis);
  for (const index of rest) addInto(sum, values[index]);
  return [
    ...indices.slice(0, MAX_LAYERS - 1).map(layerOf),
    {
      key: SMALLER,
      relation: 'neighbour',
      label: 'smaller neighbours',
      values: perSecond(sum, facts.coveredSeconds),
    },
  ];
}

/** Nobody needs more digits, and an answer with many cells is shorter. */
function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
