/** Who lives on a node, what they use and asked for, and how much of the node is promised. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type NodeCapacity,
  type Resident,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../../store';
import { sumOf, type SeriesFacts, type Usage } from '../facts';
import { entitlementOf } from '../entitlement';
import type { PartyFacts } from '../parties';
import { usageOfParty, type UsageOfOne } from '../usage';
import { residentOf, type OneNode, type WhoWaited } from './facts';
import { hiddenParty, type NodePresenter } from './present';

/** More rows than a node holds pods by default. */
const MAX_RESIDENTS = 250;

type Values = readonly (number | undefined)[];

/** A container, or a cgroup of the host, as it was measured. */
interface One extends UsageOfOne {
  resource: StoredResource;
  limit: Values;
}

/** Of the network: bytes per second on average, where it was measured. */
export interface NodeUsage extends Usage {
  transmitMean?: number;
  receiveMean?: number;
}

export interface ResidentFacts {
  party: PartyFacts;
  containers: One[];
  usage: NodeUsage;
}

function isContainer({ attributes }: StoredResource): boolean {
  return (
    attributes[ATTRIBUTE.containerName] !== undefined ||
    attributes[ATTRIBUTE.plainContainerName] !== undefined
  );
}

/** Everybody who ran, by the key of the party. */
export function residentsOf(facts: OneNode): Map<string, ResidentFacts> {
  const none = new Array<undefined>(facts.axis.count).fill(undefined);
  const ones = new Map<number, One>();
  for (const item of facts.series) {
    const { resource } = item;
    const known = ones.get(resource.id) ?? {
      resource,
      cpu: none,
      request: none,
      limit: none,
    };
    const changed = withSeries(known, item);
    if (changed) ones.set(resource.id, changed);
  }
  const byParty = new Map<string, ResidentFacts>();
  for (const one of ones.values()) {
    const party = residentOf(facts, one.resource);
    const known = byParty.get(party.key) ?? {
      party,
      containers: [],
      usage: {},
    };
    known.containers.push(one);
    byParty.set(party.key, known);
  }
  for (const resident of byParty.values()) {
    resident.usage = usageOfParty(resident.containers, facts.coveredSeconds);
  }
  addTraffic(facts, byParty);
  return byParty;
}

function addTraffic(
  facts: OneNode,
  residents: ReadonlyMap<string, ResidentFacts>,
): void {
  const { network, resources, coveredSeconds } = facts;
  const covered = sumOf(coveredSeconds);
  if (!network || covered === 0) return;
  for (const [id, { transmit, receive }] of network.bytes) {
    const resource = resources.get(id);
    const usage =
      resource && residents.get(residentOf(facts, resource).key)?.usage;
    if (!usage) continue;
    usage.transmitMean = (usage.transmitMean ?? 0) + transmit / covered;
    usage.receiveMean = (usage.receiveMean ?? 0) + receive / covered;
  }
}

/** Undefined: a series that says nothing of use. */
function withSeries(
  one: One,
  { series, windows }: SeriesFacts,
): One | undefined {
  switch (series.metric) {
    case METRIC.cpuTime:
      return {
        ...one,
        cpu: one.cpu.map((value, window) =>
          value === undefined && windows.values[window] === undefined
            ? undefined
            : (value ?? 0) + (windows.values[window] ?? 0),
        ),
      };
    case METRIC.cpuRequest:
      // A pod says the sum of its containers again.
      return isContainer(one.resource)
        ? { ...one, request: windows.values }
        : undefined;
    case METRIC.cpuLimit:
      return isContainer(one.resource)
        ? { ...one, limit: windows.values }
        : undefined;
    default:
      return undefined;
  }
}

function lastOf(values: Values): number | undefined {
  return values.findLast(value => value !== undefined);
}

/** Whether it was still there in the newest windows with data: two, as an idle one may leave one out. */
function isThereAtEnd({ cpu, request, limit }: One, newest: number): boolean {
  return [newest, newest - 1].some(
    window =>
      cpu[window] !== undefined ||
      request[window] !== undefined ||
      limit[window] !== undefined,
  );
}

export function capacityOf(
  facts: OneNode,
  residents: ReadonlyMap<string, ResidentFacts>,
): NodeCapacity {
  const all = [...residents.values()].flatMap(({ containers }) => containers);
  const covered = sumOf(facts.coveredSeconds);
  const newest = facts.coveredSeconds.findLastIndex(seconds => seconds > 0);
  const there = all.filter(
    one => isContainer(one.resource) && isThereAtEnd(one, newest),
  );
  const known = (values: (number | undefined)[]) =>
    values.some(value => value !== undefined) ? sumOf(values) : undefined;
  return {
    cpuCount: facts.cpuCount,
    ...(covered > 0
      ? { cpuMean: sumOf(all.map(({ cpu }) => sumOf(cpu))) / covered }
      : {}),
    cpuRequested: known(there.map(({ request }) => lastOf(request))),
    cpuLimited: known(there.map(({ limit }) => lastOf(limit))),
    pods: podsOf(there),
    containers: there.length,
    withoutRequest: there.filter(({ request }) => !lastOf(request)).length,
    withoutLimit: there.filter(({ limit }) => !lastOf(limit)).length,
  };
}

function podsOf(containers: readonly One[]): number {
  return new Set(
    containers.flatMap(
      ({ resource: { attributes } }) =>
        attributes[ATTRIBUTE.podUid] ?? attributes[ATTRIBUTE.podName] ?? [],
    ),
  ).size;
}

/** Rows, most waiting first; those that the reader may not read about are one. */
export function residentRows(
  { resource }: Pick<OneNode, 'resource'>,
  who: WhoWaited,
  residents: ReadonlyMap<string, ResidentFacts>,
  presenter: NodePresenter,
): Resident[] {
  const isCpu = resource === 'cpu';
  const victims = new Map(who.victims.map(item => [item.party.key, item]));
  const rows = [...residents.entries()].map(([key, resident]) => {
    const victim = victims.get(key);
    const waitSeconds = victim ? sumOf(victim.wait) : 0;
    const cpuSeconds = victim ? sumOf(victim.cpu) : 0;
    const packets = victim ? sumOf(victim.packets) : 0;
    const containers = resident.containers.filter(one =>
      isContainer(one.resource),
    );
    return {
      facts: resident.party,
      wantedSeconds: isCpu ? waitSeconds + cpuSeconds : 0,
      packets,
      row: {
        pods: podsOf(resident.containers),
        containers: containers.length,
        waitSeconds,
        causedSeconds: who.culprits.get(key)?.total ?? 0,
        ...delayOf(waitSeconds, packets),
        ...limitOf(containers),
        ...resident.usage,
        entitlement: entitlementOf(resident.usage),
      },
    };
  });
  const hidden = rows.filter(({ facts }) => presenter.isHidden(facts));
  const named = rows
    .filter(({ facts }) => !presenter.isHidden(facts))
    .map(({ facts, wantedSeconds, row }): Resident => ({
      party: presenter.victims.party(facts),
      ...row,
      ...shareOf(row.waitSeconds, wantedSeconds),
    }))
    .sort(
      (a, b) =>
        b.waitSeconds - a.waitSeconds ||
        a.party.name.localeCompare(b.party.name),
    )
    .slice(0, MAX_RESIDENTS);
  if (hidden.length === 0) return named;
  const sum = (of: (row: (typeof rows)[number]['row']) => number | undefined) =>
    sumOf(hidden.map(({ row }) => of(row)));
  const waitSeconds = sum(row => row.waitSeconds);
  const traffic = (of: 'transmitMean' | 'receiveMean') =>
    hidden.some(({ row }) => row[of] !== undefined)
      ? { [of]: sum(row => row[of]) }
      : {};
  return [
    ...named,
    {
      party: hiddenParty(hidden.length),
      pods: sum(row => row.pods),
      containers: sum(row => row.containers),
      waitSeconds,
      ...shareOf(
        waitSeconds,
        sumOf(hidden.map(({ wantedSeconds }) => wantedSeconds)),
      ),
      causedSeconds: sum(row => row.causedSeconds),
      ...delayOf(waitSeconds, sumOf(hidden.map(({ packets }) => packets))),
      ...traffic('transmitMean'),
      ...traffic('receiveMean'),
      cpuMean: sum(row => row.cpuMean),
      cpuRequest: sum(row => row.cpuRequest),
      entitlement: 'unknown',
    },
  ];
}

/** A party has a limit when each of its containers has one. */
function limitOf(containers: readonly One[]): { cpuLimit?: number } {
  const limits = containers.map(({ limit }) => lastOf(limit));
  if (limits.length === 0 || limits.includes(undefined)) return {};
  return { cpuLimit: sumOf(limits) };
}

function delayOf(seconds: number, packets: number): { delaySeconds?: number } {
  return packets > 0 ? { delaySeconds: seconds / packets } : {};
}

function shareOf(part: number, whole: number): { waitShare?: number } {
  return whole > 0 ? { waitShare: Math.min(1, part / whole) } : {};
}
