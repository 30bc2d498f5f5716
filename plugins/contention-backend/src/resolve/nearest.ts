/**
 * What comes close when nothing fits: the same name at another time or in another place, or a name that is much the same. Is
 * given only what the reader may see, and looks at nothing else.
 */
import type { ResolveAnswer } from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import { distanceMs, isInPlace, type Range } from './fit';
import { permalinkOf } from './permalink';
import type { Look, Question } from './question';
import {
  linkOf,
  presenterOf,
  type Found,
  type ResolveContext,
} from './resolve';
import { seenPods, wordsOf } from './seen';
import { mostAlike, withoutPodSuffix } from './similar';

type Nearest = ResolveAnswer['nearest'][number];

const MOST_NEAREST = 5;

/** Names that are looked at more closely before it is known which of them the reader may see. */
const MOST_CANDIDATES = 60;

const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 15 * 60_000;

export async function nearestTo(
  context: ResolveContext,
  question: Question,
  found: readonly Found[],
  range: Range | undefined,
): Promise<Nearest[]> {
  const same = found
    .flatMap(({ look, identities }) =>
      sameName(identities, look, question, range),
    )
    .slice(0, MOST_NEAREST);
  const alike = await alikeNames(context, question, range);
  const refs = [...same, ...alike].flatMap(({ entityRefs }) => entityRefs);
  const present = await presenterOf(context, refs);
  return [...same, ...alike].slice(0, MOST_NEAREST).map(one => {
    const [seen] = one.resource ? seenPods([one.resource]) : [undefined];
    // Several entities that claim it: its own page of a choice, not one of them at random.
    const entityRef =
      one.entityRefs.length === 1 ? one.entityRefs[0] : undefined;
    const shown = nearRange(one.resource, range, context.nowMs);
    return {
      by: one.by,
      what: one.what ?? (seen ? wordsOf(seen) : ''),
      seen,
      ...(entityRef && {
        entity: linkOf(present, entityRef),
        tab: 'latency' as const,
        range: shown,
        permalink: permalinkOf(
          { entityRef, tab: 'latency', range: shown },
          context.baseUrl,
        ),
      }),
    };
  });
}

interface Candidate {
  by: Nearest['by'];
  what?: string;
  resource?: StoredResource;
  entityRefs: string[];
}

/** The name that was asked for, elsewhere or at another time; nearest in time first, each pod once. */
function sameName(
  identities: Found['identities'],
  look: Look,
  question: Question,
  range: Range | undefined,
): Candidate[] {
  const candidates = identities
    .map(({ resource, entityRefs }) => ({
      by: isInPlace(resource, question, look)
        ? ('time' as const)
        : ('place' as const),
      resource,
      entityRefs,
      away: range ? distanceMs(resource, range) : 0,
    }))
    .sort((a, b) => a.away - b.away);
  const pods = new Set<string>();
  return candidates.filter(({ resource }) => {
    const [{ cluster, namespace, pod, container }] = seenPods([resource]);
    const key = JSON.stringify([cluster, namespace, pod ?? container]);
    if (pods.has(key)) return false;
    pods.add(key);
    return true;
  });
}

async function alikeNames(
  context: ResolveContext,
  question: Question,
  range: Range | undefined,
): Promise<Candidate[]> {
  const named = question.look.find(({ by }) =>
    ['pod', 'workload', 'service'].includes(by.type),
  )?.by;
  const wanted =
    (named?.type === 'pod' && withoutPodSuffix(named.pod)) ||
    (named?.type === 'workload' && named.workload) ||
    (named?.type === 'service' && named.name.replace(/^.*[:/]/, ''));
  if (!wanted) return alikeNodes(context, question);
  const entities = mostAlike(
    wanted,
    context.directory.links(),
    ({ entityRef, title }) => [entityRef.replace(/^.*\//, ''), title],
    MOST_CANDIDATES,
  ).map(({ entityRef, title }): Candidate => ({
    by: 'name',
    what: title,
    entityRefs: [entityRef],
  }));
  const workloads = await alikeWorkloads(context, wanted, question, range);
  const candidates = [...workloads, ...entities];
  const allowed = await context.readable([
    ...new Set(candidates.flatMap(({ entityRefs }) => entityRefs)),
  ]);
  const taken = new Set<string>();
  return candidates.flatMap(candidate => {
    const entityRefs = candidate.entityRefs.filter(ref => allowed.has(ref));
    const isHidden = candidate.entityRefs.length > 0 && entityRefs.length === 0;
    const isTaken =
      entityRefs.length > 0 && entityRefs.every(ref => taken.has(ref));
    if (isHidden || isTaken) return [];
    entityRefs.forEach(ref => taken.add(ref));
    return [{ ...candidate, entityRefs }];
  });
}

async function alikeWorkloads(
  { store, directory }: ResolveContext,
  wanted: string,
  question: Question,
  range: Range | undefined,
): Promise<Candidate[]> {
  const isThere = (cluster: string, namespace: string | undefined) =>
    (question.cluster === undefined || question.cluster === cluster) &&
    (question.namespace === undefined || question.namespace === namespace);
  const alike = mostAlike(
    wanted,
    await store.workloadNames(),
    ({ workload }) => [workload],
    MOST_CANDIDATES,
  );
  // Those in the place that was asked for first: a typing mistake seldom moves a service.
  alike.sort(
    (a, b) =>
      Number(isThere(b.cluster, b.namespace)) -
      Number(isThere(a.cluster, a.namespace)),
  );
  const identities = await store.identities({
    by: { type: 'ids', ids: alike.map(({ identityId }) => identityId) },
  });
  const byId = new Map(identities.map(resource => [resource.id, resource]));
  return alike.flatMap(({ identityId }) => {
    const resource = byId.get(identityId);
    if (!resource) return [];
    const [seen] = seenPods([resource]);
    return [
      {
        by: 'name' as const,
        what: `${seen.namespace ? `${seen.namespace}/` : ''}${seen.workload}`,
        resource:
          !range || distanceMs(resource, range) === 0 ? resource : undefined,
        entityRefs: directory.claimantsOf(resource),
      },
    ];
  });
}

/** Nodes have names, too; who lives there is asked for anew. */
async function alikeNodes(
  { store }: ResolveContext,
  question: Question,
): Promise<Candidate[]> {
  const by = question.look.find(look => look.by.type === 'node')?.by;
  if (by?.type !== 'node') return [];
  return mostAlike(
    by.node,
    await store.nodes(),
    ({ node }) => [node],
    MOST_NEAREST,
  ).map(({ node }) => ({
    by: 'name',
    what: `the node ${node}`,
    entityRefs: [],
  }));
}

/** Around the moment of its life that is nearest to what was asked for. */
function nearRange(
  resource: StoredResource | undefined,
  range: Range | undefined,
  nowMs: number,
): { from: number; to: number } {
  if (!resource) {
    return range
      ? { from: range.fromMs, to: range.toMs }
      : { from: nowMs - BEFORE_MS - AFTER_MS, to: nowMs };
  }
  const { firstSeenMs, lastSeenMs } = resource;
  const wanted = range ? (range.fromMs + range.toMs) / 2 : lastSeenMs;
  const middle = Math.min(Math.max(wanted, firstSeenMs), lastSeenMs);
  const to = Math.min(middle + AFTER_MS, nowMs);
  return { from: to - BEFORE_MS - AFTER_MS, to };
}
