/**
 * Who somebody is, told from attributes: one party per service, workload or unit, however many containers it has. Knows
 * entity references, not titles or who may see them (see present.ts). Pure.
 */
import {
  ATTRIBUTE,
  WORKLOAD_ATTRIBUTE,
  type BlameKind,
  type QuotaLevel,
  type Relation,
  type Workload,
} from 'backstage-plugin-contention-common';
import type { Attributes } from '../otlp';
import type { StoredResource, StoredSeries } from '../store';

/** A party before it is presented to a reader. */
export interface PartyFacts {
  key: string;
  relation: Relation;
  kind: BlameKind;
  /** What it is called on the node; the title of its entity wins over it. */
  name: string;
  entityRefs: readonly string[];
  workload?: Workload;
  quotaLevel?: QuotaLevel;
  via?: 'softirq';
}

/** The victim's side that decides how a culprit stands to it. */
export interface Perspective {
  /** The entity that the report is about. */
  entityRef: string;
  entitiesOf(resource: StoredResource): readonly string[];
}

function text(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  return value === undefined || value === '' ? undefined : String(value);
}

const WORKLOAD_KINDS = Object.entries(WORKLOAD_ATTRIBUTE);

/** The words of the node for a resource. */
export function workloadOf(resource: StoredResource): Workload {
  const { attributes } = resource;
  const kind = WORKLOAD_KINDS.find(
    ([, key]) => text(attributes, key) !== undefined,
  );
  return {
    cluster: resource.cluster,
    node: resource.node,
    namespace: text(attributes, ATTRIBUTE.namespace),
    kind: kind?.[0],
    name: kind && text(attributes, kind[1]),
    pod: text(attributes, ATTRIBUTE.podName),
    container:
      text(attributes, ATTRIBUTE.containerName) ??
      text(attributes, ATTRIBUTE.plainContainerName),
    systemdUnit: text(attributes, ATTRIBUTE.systemdUnit),
    cgroupPath: text(attributes, ATTRIBUTE.cgroupPath),
  };
}

/** The short name of a workload, without its node: `shop/batch-report`, `containerd.service`, `/user.slice`. */
export function workloadName(workload: Workload): string {
  const { namespace, name, pod, container, systemdUnit, cgroupPath } = workload;
  const own = name ?? pod;
  if (own !== undefined) return namespace ? `${namespace}/${own}` : own;
  return systemdUnit ?? container ?? cgroupName(cgroupPath);
}

/** Longer cgroup paths are shown by their last two steps; the whole path is in the workload. */
const MAX_PATH = 48;

/** Where ids are long: twelve characters name a container everywhere else, too. */
function cgroupName(path: string | undefined): string {
  if (path === undefined) return 'an unnamed workload';
  if (path === '/') return 'other processes of the host';
  const last = path.slice(path.lastIndexOf('/') + 1);
  const id = /(?:^|-)([0-9a-f]{64})(?:\.scope)?$/.exec(last);
  if (id) return `container ${id[1].slice(0, 12)}`;
  const steps = path.split('/').slice(1);
  return path.length <= MAX_PATH || steps.length < 3
    ? path
    : `\u2026/${steps.slice(-2).join('/')}`;
}

/** What makes two containers the same party: their entities, else their workload, else their place on the node. */
export function identityOf(
  resource: StoredResource,
  entityRefs: readonly string[],
): string {
  if (entityRefs.length > 0) return `entity:${entityRefs.join(',')}`;
  const { cluster, node, namespace, kind, name, pod, container, systemdUnit } =
    workloadOf(resource);
  if (name !== undefined) {
    return `workload:${[cluster, namespace, kind, name].join('/')}`;
  }
  if (pod !== undefined) return `pod:${[cluster, namespace, pod].join('/')}`;
  if (systemdUnit !== undefined) return `unit:${cluster}/${systemdUnit}`;
  if (container !== undefined) {
    return `container:${[cluster, node, container].join('/')}`;
  }
  const path = resource.attributes[ATTRIBUTE.cgroupPath] ?? '';
  return `cgroup:${cluster}/${path}`;
}

/** Somebody who is named: a container, a workload or a host cgroup, as it stands to the entity of the report. */
export function partyOfResource(
  resource: StoredResource,
  relation: Relation,
  kind: BlameKind,
  perspective: Perspective,
): PartyFacts {
  const entityRefs = perspective.entitiesOf(resource);
  const workload = workloadOf(resource);
  const isOwn =
    relation === 'neighbour' && entityRefs.includes(perspective.entityRef);
  if (isOwn) {
    // Another pod of the same service: crowding by oneself, whoever else claims it. No other team is at fault.
    return {
      key: 'own-pods',
      relation: 'self',
      kind,
      name: 'its own other pods',
      entityRefs: [],
    };
  }
  if (relation === 'sidecar') {
    return {
      key: `sidecar:${workload.container ?? workloadName(workload)}`,
      relation,
      kind,
      name: workload.container ?? workloadName(workload),
      entityRefs,
      workload: withoutPlace(workload),
    };
  }
  return {
    key: identityOf(resource, entityRefs),
    relation,
    kind,
    name: workloadName(workload),
    entityRefs,
    workload: withoutPlace(workload),
  };
}

/** A pod as the other side of a connection, whichever of its containers that is: it holds nobody's CPU. */
export function partyOfPod(
  pod: StoredResource,
  perspective: Perspective,
): PartyFacts {
  const entityRefs = perspective.entitiesOf(pod);
  const {
    container: _container,
    cgroupPath: _path,
    ...workload
  } = withoutPlace(workloadOf(pod));
  return {
    key: identityOf(pod, entityRefs),
    relation: 'other',
    kind: 'container',
    name: workloadName(workload),
    entityRefs,
    workload,
  };
}

/** A party may live in several pods and on several nodes: only what they have in common names it. */
function withoutPlace({ node: _node, ...workload }: Workload): Workload {
  if (workload.name === undefined) return workload;
  const {
    pod: _pod,
    container: _container,
    cgroupPath: _path,
    ...rest
  } = workload;
  return rest;
}

const NOBODY: Record<
  Exclude<BlameKind, 'container' | 'system' | 'throttled'>,
  { relation: Relation; name: string }
> = {
  self: { relation: 'self', name: 'its own threads' },
  kernel: { relation: 'host', name: 'the kernel' },
  interrupt: { relation: 'host', name: 'interrupts' },
  steal: { relation: 'host', name: 'the hypervisor' },
  idle: { relation: 'idle', name: 'between queues' },
  other: { relation: 'other', name: 'others, folded together' },
  unattributed: { relation: 'unknown', name: 'not known' },
};

type BlamingSeries = Pick<StoredSeries, 'attributes' | 'culpritId'>;

/** Who was found already; a report asks for the same series again for each node and each part of what it says. */
interface Found {
  ofSeries: WeakMap<BlamingSeries, PartyFacts>;
  /** By what the party is told from: bands and parts of requests have hundreds of series of the same few. */
  ofResource: WeakMap<StoredResource, Map<string, PartyFacts>>;
}

/** By the perspective of a report. */
const found = new WeakMap<Perspective, Found>();

/**
 * Who held the CPU in a series of `contention.cpu.wait.blame`, or of anything else with its attributes.
 * @param resources - all that the report knows
 */
export function culpritOfSeries(
  series: BlamingSeries,
  resources: ReadonlyMap<number, StoredResource>,
  perspective: Perspective,
): PartyFacts {
  let known = found.get(perspective);
  if (!known) {
    known = { ofSeries: new WeakMap(), ofResource: new WeakMap() };
    found.set(perspective, known);
  }
  let culprit = known.ofSeries.get(series);
  if (!culprit) {
    culprit = findCulprit(series, resources, perspective, known.ofResource);
    known.ofSeries.set(series, culprit);
  }
  return culprit;
}

function findCulprit(
  series: BlamingSeries,
  resources: ReadonlyMap<number, StoredResource>,
  perspective: Perspective,
  known: Found['ofResource'],
): PartyFacts {
  const { attributes } = series;
  const kind = (attributes[ATTRIBUTE.culpritKind] ??
    'unattributed') as BlameKind;
  const via =
    attributes[ATTRIBUTE.culpritVia] === 'softirq' ? 'softirq' : undefined;
  if (kind === 'throttled') {
    const level = quotaLevelOf(attributes) ?? 'container';
    return {
      key: `limit:${level}`,
      relation: 'limit',
      kind,
      name: `its ${level}'s CPU limit`,
      entityRefs: [],
      quotaLevel: level,
    };
  }
  if (kind === 'container' || kind === 'system') {
    const culprit =
      series.culpritId === undefined
        ? undefined
        : resources.get(series.culpritId);
    const relation = relationOf(kind, attributes);
    if (!culprit) {
      return {
        key: `${kind}:unnamed`,
        relation,
        kind,
        name:
          kind === 'container' ? 'a container without a name' : 'the system',
        entityRefs: [],
      };
    }
    const parties = known.get(culprit) ?? new Map<string, PartyFacts>();
    known.set(culprit, parties);
    const key = `${relation} ${kind} ${via}`;
    let party = parties.get(key);
    if (!party) {
      party = partyOfResource(culprit, relation, kind, perspective);
      if (via) party = { ...party, via };
      parties.set(key, party);
    }
    return party;
  }
  return { key: kind, kind, entityRefs: [], ...NOBODY[kind] };
}

function relationOf(
  kind: 'container' | 'system',
  attributes: Attributes,
): Relation {
  if (kind === 'system') return 'host';
  return String(attributes[ATTRIBUTE.culpritSamePod]) === 'true'
    ? 'sidecar'
    : 'neighbour';
}

export function quotaLevelOf(attributes: Attributes): QuotaLevel | undefined {
  return attributes[ATTRIBUTE.quotaLevel] as QuotaLevel | undefined;
}
