/**
 * From a name and a time to the page of an entity. What the reader may not see is taken out before anything is decided, so
 * that the answer is the same as if it did not exist.
 */
import { randomUUID } from 'node:crypto';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  RESOLVE_KEYS,
  resolveWindow,
  type EntityLink,
  type ResolveAnswer,
  type ResolvedPage,
  type ResolveQuery,
} from 'backstage-plugin-contention-common';
import { buildDiagnosis, type ReportContext } from '../reports';
import { Presenter } from '../reports/present';
import type { StoredResource } from '../store';
import {
  distanceMs,
  exactHolders,
  hadAddressAt,
  isInPlace,
  preferContainer,
  type Range,
} from './fit';
import { nearestTo } from './nearest';
import { permalinkOf } from './permalink';
import { questionOf, type Look, type Question } from './question';
import { MOST_SEEN, seenPods } from './seen';

/** More pages than these are a list that nobody reads. */
const MOST_PAGES = 20;

/** A diagnosis reads the data of a whole range: the first few say where to look. */
const MOST_DIAGNOSES = 10;

const HOUR_MS = 3_600_000;
const STILL_RUNS_MS = 15 * 60_000;

export interface ResolveContext extends ReportContext {
  /** Of these, the entities that the reader may see and read: the catalog and `contention.read` decide. */
  readable(entityRefs: readonly string[]): Promise<ReadonlySet<string>>;
  /** Entities as the reader sees them. */
  entities(entityRefs: readonly string[]): Promise<(Entity | undefined)[]>;
  /** `app.baseUrl`. */
  baseUrl: string | undefined;
  nowMs: number;
}

/** What one way of looking found. */
export interface Found {
  look: Look;
  /** Identities, of whatever place and time, with those of the entities that claim them which the reader may read. */
  identities: { resource: StoredResource; entityRefs: string[] }[];
  /** Entities that are called so. */
  named: string[];
}

export async function resolve(
  context: ResolveContext,
  query: ResolveQuery,
): Promise<ResolveAnswer> {
  const { nowMs } = context;
  const question = questionOf(query.who);
  const window = resolveWindow(query, nowMs);
  const range = window && { fromMs: window.from, toMs: window.to };
  const atMs = query.at?.ms ?? query.from?.ms ?? query.to?.ms;
  const found = await readable(context, await look(context, question, range));

  const answer: ResolveAnswer = {
    state: 'none',
    lookedFor: RESOLVE_KEYS.flatMap(key => {
      const value = query.who[key];
      return value === undefined ? [] : [{ key, value }];
    }),
    range: window && { from: window.from, to: window.to },
    notes: window?.notes ?? [],
    pages: [],
    morePages: 0,
    unclaimed: [],
    nearest: [],
  };
  for (const one of found) {
    const fits = fitting(one, question, range, atMs, nowMs);
    const refs = unique([
      ...one.named,
      ...fits.flatMap(({ entityRefs }) => entityRefs),
    ]);
    if (refs.length > 0) {
      const shown = range ?? lifeOf(fits, nowMs);
      answer.range = { from: shown.fromMs, to: shown.toMs };
      answer.pages = await pagesOf(context, refs, fits, shown);
      answer.morePages = Math.max(0, refs.length - MOST_PAGES);
      answer.state = answer.pages.length === 1 ? 'one' : 'several';
      if (answer.pages.length > 0) return answer;
    }
    const unclaimed = fits.filter(({ entityRefs }) => entityRefs.length === 0);
    if (unclaimed.length > 0) {
      answer.state = 'unclaimed';
      answer.unclaimed = seenPods(
        unclaimed.map(({ resource }) => resource),
      ).slice(0, MOST_SEEN);
      return answer;
    }
  }
  answer.state = 'none';
  answer.nearest = await nearestTo(context, question, found, range);
  return answer;
}

/** Everything that carries the names asked for, in one go. */
async function look(
  { store, directory }: ResolveContext,
  question: Question,
  range: Range | undefined,
): Promise<Found[]> {
  return Promise.all(
    question.look.map(async one => {
      const { by } = one;
      if (by.type === 'service') {
        return {
          look: one,
          identities: [],
          named: unique([
            ...directory.entitiesCalled(by.name),
            // One without our annotations has a page, too, which says what is missing.
            ...refOf(by.name),
          ]),
        };
      }
      const resources = await store.identities({
        by,
        // A node has seen more than can be listed.
        ...(by.type === 'node' && range ? { seen: range } : {}),
      });
      return {
        look: one,
        named: [],
        identities: resources.map(resource => ({
          resource,
          entityRefs: directory.claimantsOf(resource),
        })),
      };
    }),
  );
}

/** `component:default/checkout` as a whole, or with what is left out as the catalog has it. */
function refOf(name: string): string[] {
  const match = /^([a-z][\w-]*):(?:([\w.-]+)\/)?([\w.-]+)$/i.exec(name);
  if (!match) return [];
  const [, kind, namespace = 'default', entity] = match;
  return [`${kind}:${namespace}/${entity}`.toLowerCase()];
}

/** Takes out what the reader may not read: a pod that only others' entities claim is not there at all. */
async function readable(
  context: ResolveContext,
  found: readonly Found[],
): Promise<Found[]> {
  const refs = found.flatMap(({ named, identities }) => [
    ...named,
    ...identities.flatMap(({ entityRefs }) => entityRefs),
  ]);
  // One that does not exist is always among them: it takes a call whether or not there is something to hide.
  const decoy = `component:default/${randomUUID()}`;
  const allowed = await context.readable(unique([...refs, decoy]));
  return found.map(({ look: one, named, identities }) => ({
    look: one,
    named: named.filter(ref => allowed.has(ref)),
    identities: identities.flatMap(({ resource, entityRefs }) => {
      const seen = entityRefs.filter(ref => allowed.has(ref));
      return seen.length === 0 && entityRefs.length > 0
        ? []
        : [{ resource, entityRefs: seen }];
    }),
  }));
}

/** Those that are meant: in the place and at the time asked for. Without a time, whoever carried the name last. */
function fitting(
  { look: one, identities }: Found,
  question: Question,
  range: Range | undefined,
  atMs: number | undefined,
  nowMs: number,
): Found['identities'] {
  const there = identities.filter(({ resource }) =>
    isInPlace(resource, question, one),
  );
  const when =
    range ??
    latest(
      there.map(({ resource }) => resource),
      nowMs,
    );
  if (!when) return [];
  const then = there.filter(({ resource }) => distanceMs(resource, when) === 0);
  const resources = then.map(({ resource }) => resource);
  let kept: readonly StoredResource[] = resources;
  if (one.by.type === 'ip') {
    const moment = atMs ?? when.toMs;
    kept = exactHolders(
      resources.filter(resource => hadAddressAt(resource, moment)),
      moment,
    );
  }
  const preferred = new Set(preferContainer(kept, question.containerName));
  return then.filter(({ resource }) => preferred.has(resource));
}

/** The last moment in which one of them was seen. */
function latest(
  resources: readonly StoredResource[],
  nowMs: number,
): Range | undefined {
  if (resources.length === 0) return undefined;
  const last = Math.max(...resources.map(({ lastSeenMs }) => lastSeenMs));
  const toMs = Math.min(last, nowMs);
  return { fromMs: toMs - 60_000, toMs };
}

/** What to show when nobody said a time: the last hour, of what runs up to now and else of its life. */
function lifeOf(fits: Found['identities'], nowMs: number): Range {
  const last = Math.max(...fits.map(({ resource }) => resource.lastSeenMs));
  const isGone = fits.length > 0 && last < nowMs - STILL_RUNS_MS;
  const toMs = isGone ? last + 60_000 : nowMs;
  return { fromMs: toMs - HOUR_MS, toMs };
}

async function pagesOf(
  context: ResolveContext,
  refs: readonly string[],
  fits: Found['identities'],
  range: Range,
): Promise<ResolvedPage[]> {
  const listed = refs.slice(0, MOST_PAGES);
  const entities = await context.entities(listed);
  const present = await presenterOf(context, listed);
  const pages: (ResolvedPage & { rank: number })[] = [];
  for (const [index, entity] of entities.entries()) {
    // Gone since the catalog was asked whether it may be seen.
    if (!entity) continue;
    const resources = fits
      .filter(({ entityRefs }) => entityRefs.includes(listed[index]))
      .map(({ resource }) => resource);
    pages.push(await pageOf(context, present, entity, resources, range, index));
  }
  // Where something was wrong stands first.
  return pages
    .sort((a, b) => b.rank - a.rank)
    .map(({ rank: _rank, ...page }) => page);
}

const RANK = { serious: 3, notice: 2, none: 1 } as const;

async function pageOf(
  context: ResolveContext,
  present: Presenter,
  entity: Entity,
  resources: readonly StoredResource[],
  { fromMs, toMs }: Range,
  index: number,
): Promise<ResolvedPage & { rank: number }> {
  const { directory, baseUrl, nowMs } = context;
  const entityRef = stringifyEntityRef(entity);
  const diagnosis =
    index < MOST_DIAGNOSES
      ? await buildDiagnosis(context, {
          entity,
          claim: directory.claimOfEntity(entity),
          fromMs,
          toMs,
          nowMs,
        })
      : undefined;
  const places = unique(resources.map(({ cluster }) => cluster));
  const cluster =
    places.length === 1 && (diagnosis?.clusters.length ?? 0) > 1
      ? places[0]
      : undefined;
  const range = { from: fromMs, to: toMs };
  const tab = diagnosis?.tab ?? 'latency';
  const resource = diagnosis?.verdict.resource;
  return {
    entity: linkOf(present, entityRef, entity),
    tab,
    range,
    cluster,
    permalink: permalinkOf(
      { entityRef, tab, range, cluster, resource },
      baseUrl,
    ),
    sentence: diagnosis?.verdict.sentence,
    hasData: diagnosis?.status.state === 'ok',
    seen: seenPods(resources).slice(0, MOST_SEEN),
    rank: diagnosis ? RANK[diagnosis.verdict.severity] : 0,
  };
}

export function linkOf(
  present: Presenter,
  entityRef: string,
  entity?: Entity,
): EntityLink {
  return (
    present.entity(entityRef) ?? {
      entityRef,
      title: entity?.metadata.title ?? entity?.metadata.name ?? entityRef,
    }
  );
}

/** Owners are named to those who may see them. */
export async function presenterOf(
  { visible, directory }: ResolveContext,
  entityRefs: readonly string[],
): Promise<Presenter> {
  const linked = (ref: string) => directory.link(ref);
  const owners = entityRefs.flatMap(ref => linked(ref)?.owner?.entityRef ?? []);
  return new Presenter(
    await visible(unique([...entityRefs, ...owners])),
    linked,
  );
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
