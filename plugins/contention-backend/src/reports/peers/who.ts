/**
 * Who has an address at the other end of a connection: a pod that an agent saw with it, else a Service of Kubernetes, else
 * nobody that is known. Addresses are handed on: where workloads of several owners had one in the time that it was talked to, it
 * stays an address. Pure.
 */
import {
  addressText,
  ATTRIBUTE,
  POD_LABEL_PREFIX,
  type PeerKind,
} from 'backstage-plugin-contention-common';
import { labelsOf } from '../../attribution/claims';
import type { ClusterService, KnownServices } from '../../kubernetes';
import { LAST_SEEN_LAG_MS, type StoredResource } from '../../store';
import { addressKey, resourcesAtAddresses } from '../addresses';
import { partyOfPod, type PartyFacts, type Perspective } from '../parties';
import type { Endpoint } from './facts';

/** Somebody at the other end; the same for all addresses of one party. */
export interface Who {
  key: string;
  kind: Exclude<PeerKind, 'hidden'>;
  party?: PartyFacts;
}

export interface WhoContext {
  /** Everything that was seen in the range. */
  resources: readonly StoredResource[];
  services: KnownServices;
  perspective: Perspective;
  range: { fromMs: number; toMs: number };
}

export const OTHERS: Who = { key: 'others', kind: 'others' };
const OWN_POD: Who = { key: 'own-pod', kind: 'own-pod' };

const LOOPBACK = /^(127\.|::1$)/;

/**
 * @param ends - all addresses that will be asked for, with the cluster that they are of
 */
export function whoIsAt(
  context: WhoContext,
  ends: Iterable<{ cluster: string; address?: string }>,
): (endpoint: Endpoint, from: StoredResource) => Who {
  const { resources, services, perspective, range } = context;
  const podsAt = resourcesAtAddresses(
    resources,
    [...ends].flatMap(({ cluster, address }) =>
      address === undefined ? [] : [addressKey(cluster, address)],
    ),
  );
  const byService = servicePartyOf(context);
  const known = new Map<string, Who | undefined>();

  const podAt = (cluster: string, address: string): Who | undefined => {
    const there = (podsAt.get(addressKey(cluster, address)) ?? []).filter(
      ({ firstSeenMs, lastSeenMs }) =>
        firstSeenMs <= range.toMs &&
        range.fromMs <= lastSeenMs + LAST_SEEN_LAG_MS,
    );
    const parties = new Map(
      there
        .map(pod => partyOfPod(pod, perspective))
        .map(party => [party.key, party] as const),
    );
    const [party, ...others] = parties.values();
    return party && others.length === 0 ? whoIs(party, 'workload') : undefined;
  };
  const atAddress = (cluster: string, address: string): Who | undefined => {
    const pod = podAt(cluster, address);
    if (pod) return pod;
    const service = services.at(cluster, address);
    return service && byService(service);
  };

  return ({ address, port }, from) => {
    if (address === undefined) return OTHERS;
    const { cluster, podIp } = from;
    // What shares its node's network has the whole node at these addresses.
    const isPod = podIp !== undefined;
    if (isPod && (LOOPBACK.test(address) || address === podIp)) return OWN_POD;
    const key = addressKey(cluster, address);
    if (!known.has(key)) known.set(key, atAddress(cluster, address));
    return (
      known.get(key) ?? {
        key: `address:${cluster}/${addressText(address, port)}`,
        kind: 'address',
      }
    );
  };
}

function whoIs(party: PartyFacts, otherwise: 'workload' | 'service'): Who {
  const kind = party.entityRefs.length > 0 ? 'entity' : otherwise;
  return { key: party.key, kind, party };
}

/**
 * The pods behind a Service where all that it selects are of one party; else whoever claims what it selects; else the Service
 * by its own name.
 */
function servicePartyOf({
  resources,
  perspective,
}: Pick<WhoContext, 'resources' | 'perspective'>) {
  const known = new Map<ClusterService, Who>();
  const find = (service: ClusterService): Who => {
    const selected = resources.filter(isSelectedBy(service));
    const parties = new Map(
      selected
        .map(pod => partyOfPod(pod, perspective))
        .map(party => [party.key, party] as const),
    );
    const [party] = parties.values();
    if (party && parties.size === 1) return whoIs(party, 'workload');
    const { cluster, namespace, name } = service;
    const entityRefs = perspective.entitiesOf(asPod(service));
    return whoIs(
      {
        key:
          entityRefs.length > 0
            ? `entity:${entityRefs.join(',')}`
            : `service:${[cluster, namespace, name].join('/')}`,
        relation: 'other',
        kind: 'container',
        name: `${namespace}/${name}`,
        entityRefs,
        workload: { cluster, namespace, kind: 'Service', name },
      },
      'service',
    );
  };
  return (service: ClusterService): Who => {
    const before = known.get(service);
    if (before) return before;
    const who = find(service);
    known.set(service, who);
    return who;
  };
}

/** Agents send some labels of a pod only: a selector on another one selects nobody here. */
function isSelectedBy({ cluster, namespace, selector }: ClusterService) {
  const wanted = Object.entries(selector);
  return (resource: StoredResource): boolean => {
    if (wanted.length === 0 || resource.cluster !== cluster) return false;
    if (resource.attributes[ATTRIBUTE.namespace] !== namespace) return false;
    const labels = labelsOf(resource);
    return wanted.every(([key, value]) => labels.get(key) === value);
  };
}

/** A pod as the Service wants it: what claims pods by labels claims the Service by the same. */
function asPod({
  cluster,
  namespace,
  name,
  labels,
  selector,
}: ClusterService): StoredResource {
  return {
    id: -1,
    cluster,
    node: '',
    attributes: {
      [ATTRIBUTE.namespace]: namespace,
      [ATTRIBUTE.podName]: name,
      ...Object.fromEntries(
        Object.entries({ ...labels, ...selector }).map(([key, value]) => [
          `${POD_LABEL_PREFIX}${key}`,
          value,
        ]),
      ),
    },
    firstSeenMs: 0,
    lastSeenMs: 0,
  };
}
