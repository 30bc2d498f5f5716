/** The answer of `GET /v1/coverage`. Counts what everybody may know, and names only what the reader may see. */
import { parseEntityRef } from '@backstage/catalog-model';
import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import type {
  CoveredNode,
  CoverageReport,
  NodeListSource,
  UncoveredEntity,
} from 'backstage-plugin-contention-common';
import {
  describeClaim,
  type Access,
  type CatalogOutline,
  type Claim,
  type EntityDirectory,
  type OutlineEntity,
} from '../attribution';
import { nodeKey } from '../reports/facts';
import { isStale } from '../reports/freshness';
import { workloadOf } from '../reports/parties';
import { Presenter } from '../reports/present';
import type { NodeSeen, Store } from '../store';
import type { ClusterNodes, NodeLists } from './NodeLists';
import { Neighbourhood, suggestionFor } from './suggest';
import { placeOf, workloadsOf, type WorkloadFacts } from './workloads';
import { annotationLines } from './yaml';

/** Rows of each list. */
const MAX_ROWS = 2_000;

/** Components that are nowhere on a node, whatever they are annotated with. */
const NOT_RUNNING = ['library', 'documentation', 'template'];

export interface CoverageContext {
  store: Store;
  directory: EntityDirectory;
  outline: CatalogOutline;
  nodeLists: NodeLists;
  visible(entityRefs: string[]): Promise<ReadonlySet<string>>;
  access(entityRefs: string[]): Promise<Access>;
}

export interface CoverageRequest {
  fromMs: number;
  toMs: number;
  cluster?: string;
  nowMs: number;
}

export async function buildCatalogCoverage(
  context: CoverageContext,
  request: CoverageRequest,
): Promise<CoverageReport> {
  const { store, directory } = context;
  const { fromMs, toMs, cluster, nowMs } = request;
  const isAskedFor = (of: { cluster: string }) =>
    cluster === undefined || of.cluster === cluster;
  const resources = (await store.resources({ fromMs, toMs })).filter(
    isAskedFor,
  );
  const workloads = workloadsOf(resources);
  const isClaimed = ({ newest }: WorkloadFacts) =>
    directory.entitiesOf(newest).length > 0;
  const unclaimed = workloads
    .filter(workload => !isClaimed(workload))
    .sort(inOrder);
  const neighbourhood = new Neighbourhood(
    workloads.filter(({ newest }) => placeOf(newest) === 'kubernetes'),
  );
  const withData = new Set(
    resources.flatMap(resource => directory.entitiesOf(resource)),
  );
  const entities = await entitiesOf(context, withData);
  const nodes = nodesOf(
    (await store.nodes()).filter(isAskedFor),
    context.nodeLists.all().filter(isAskedFor),
    nowMs,
  );
  return {
    range: { from: fromMs, to: toMs },
    counts: {
      workloads: workloads.length,
      claimedWorkloads: workloads.length - unclaimed.length,
      ...entities.counts,
      nodes: nodes.length,
      reportingNodes: nodes.filter(({ state }) => state === 'reporting').length,
    },
    workloads: unclaimed.slice(0, MAX_ROWS).map(workload => ({
      key: workload.key,
      name: workload.name,
      place: workload.place,
      workload: workloadOf(workload.newest),
      instances: workload.instances,
      nodes: workload.nodes,
      lastSeen: workload.lastSeenMs,
      suggestion: suggestionFor(workload, neighbourhood),
    })),
    entities: entities.rows.slice(0, MAX_ROWS),
    nodes,
    nodeLists: listsOf(context.nodeLists.all().filter(isAskedFor), nodes),
    left: {
      workloads: Math.max(0, unclaimed.length - MAX_ROWS),
      entities: Math.max(0, entities.rows.length - MAX_ROWS),
    },
  };
}

const PLACES = ['kubernetes', 'container', 'systemd', 'cgroup'];

/** What an entity is most likely to want first; within a place those that are many. */
function inOrder(a: WorkloadFacts, b: WorkloadFacts): number {
  return (
    PLACES.indexOf(a.place) - PLACES.indexOf(b.place) ||
    b.instances - a.instances ||
    a.name.localeCompare(b.name)
  );
}

/** Components, and resources that say where they run: those that say nothing may be a bucket. */
async function entitiesOf(
  { directory, outline, access, visible }: CoverageContext,
  withData: ReadonlySet<string>,
): Promise<{
  rows: UncoveredEntity[];
  counts: Pick<
    CoverageReport['counts'],
    'entities' | 'entitiesWithData' | 'entitiesThatDoNotRun'
  >;
}> {
  const claims = new Map(
    directory.claims().map(claim => [claim.entityRef, claim]),
  );
  const all = outline
    .running()
    .filter(
      ({ kind, link }) => kind !== 'resource' || claims.has(link.entityRef),
    );
  const { readable } = await access(all.map(({ link }) => link.entityRef));
  const seen = all.filter(({ link }) => readable.has(link.entityRef));
  const runs = seen.filter(
    ({ link, type }) =>
      claims.has(link.entityRef) || !NOT_RUNNING.includes(type ?? ''),
  );
  const gaps = runs.filter(({ link }) => !withData.has(link.entityRef));
  const owners = gaps.flatMap(({ link }) => link.owner?.entityRef ?? []);
  const presenter = new Presenter(
    new Set([...readable, ...(await visible([...new Set(owners)]))]),
    ref => outline.entity(ref)?.link,
  );
  return {
    rows: gaps.flatMap(entity => {
      const link = presenter.entity(entity.link.entityRef);
      return link
        ? [{ ...gapOf(entity, claims.get(link.entityRef)), entity: link }]
        : [];
    }),
    counts: {
      entities: runs.length,
      entitiesWithData: runs.length - gaps.length,
      entitiesThatDoNotRun: seen.length - runs.length,
    },
  };
}

function gapOf(
  { link, kind, type }: OutlineEntity,
  claim: Claim | undefined,
): Omit<UncoveredEntity, 'entity'> {
  const base = { kind, ...(type ? { type } : {}) };
  if (!claim) {
    return {
      ...base,
      gap: 'not-annotated',
      lookedFor: [],
      annotations: annotationLines({
        [KUBERNETES_ANNOTATION]: parseEntityRef(link.entityRef).name,
      }),
    };
  }
  return {
    ...base,
    gap: claim.problem ? 'not-understood' : 'no-pods',
    lookedFor: describeClaim(claim),
  };
}

const STATES = ['no-agent', 'silent', 'reporting'];

function nodesOf(
  heard: readonly NodeSeen[],
  lists: readonly ClusterNodes[],
  nowMs: number,
): CoveredNode[] {
  const known = new Set(heard.map(nodeKey));
  const listed = new Map(
    lists.flatMap(({ cluster, nodes }) =>
      nodes ? [[cluster, new Set(nodes)] as const] : [],
    ),
  );
  const rows: CoveredNode[] = heard.map(node => ({
    cluster: node.cluster,
    node: node.node,
    state: isStale(node, nowMs) ? 'silent' : 'reporting',
    lastSeen: node.lastSeenMs,
    ...(listed.has(node.cluster)
      ? { isListed: listed.get(node.cluster)!.has(node.node) }
      : {}),
  }));
  for (const [cluster, nodes] of listed) {
    for (const node of nodes) {
      if (known.has(nodeKey({ cluster, node }))) continue;
      rows.push({ cluster, node, state: 'no-agent', isListed: true });
    }
  }
  return rows.sort(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      a.cluster.localeCompare(b.cluster) ||
      a.node.localeCompare(b.node),
  );
}

/** Each cluster that has nodes, and where its list of nodes is from. */
function listsOf(
  lists: readonly ClusterNodes[],
  nodes: readonly CoveredNode[],
): NodeListSource[] {
  const clusters = new Set([
    ...lists.map(({ cluster }) => cluster),
    ...nodes.map(({ cluster }) => cluster),
  ]);
  return [...clusters].sort().map(cluster => {
    const list = lists.find(item => item.cluster === cluster);
    return {
      cluster,
      source: list?.nodes ? 'kubernetes' : 'agents',
      ...(list?.readAtMs === undefined ? {} : { readAt: list.readAtMs }),
      ...(list?.problem ? { problem: list.problem } : {}),
    };
  });
}
