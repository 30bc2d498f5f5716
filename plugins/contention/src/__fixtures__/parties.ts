/** Who waits and who is waited for in the fixtures. */
import type {
  EntityLink,
  Party,
  Relation,
} from 'backstage-plugin-contention-common';

const TEAMS: Record<string, string> = {
  data: 'Data',
  payments: 'Payments',
  shop: 'Shop',
  search: 'Search',
  platform: 'Platform',
};

export function entityLink(name: string, team?: string): EntityLink {
  return {
    entityRef: `component:default/${name}`,
    title: name,
    owner: team
      ? { entityRef: `group:default/${team}`, title: TEAMS[team] ?? team }
      : undefined,
  };
}

export function neighbour(name: string, team?: string): Party {
  return {
    key: `component:default/${name}`,
    relation: 'neighbour',
    kind: 'container',
    name,
    entities: [entityLink(name, team)],
    workload: {
      cluster: 'demo',
      node: 'node-a',
      namespace: team ?? 'default',
      kind: 'Deployment',
      name,
      pod: `${name}-6f9c7d54b8-x2k4q`,
      container: 'app',
    },
    redacted: false,
  };
}

/** A container that no entity claims. */
export function unclaimed(name: string): Party {
  return {
    ...neighbour(name),
    key: `workload:demo/kube-system/${name}`,
    entities: [],
    workload: {
      cluster: 'demo',
      node: 'node-a',
      namespace: 'kube-system',
      kind: 'DaemonSet',
      name,
      pod: `${name}-9xk2p`,
      container: name,
    },
  };
}

/** Somebody whom the reader may not see. */
export function redacted(): Party {
  return {
    key: 'redacted:1',
    relation: 'neighbour',
    kind: 'container',
    name: 'a workload you may not see',
    entities: [],
    redacted: true,
  };
}

/** What is no neighbour. */
export function apart(
  relation: Exclude<Relation, 'neighbour'>,
  kind: Party['kind'],
  name: string,
  more: Partial<Party> = {},
): Party {
  return {
    key: `${relation}:${name}`,
    relation,
    kind,
    name,
    entities: [],
    redacted: false,
    ...more,
  };
}
