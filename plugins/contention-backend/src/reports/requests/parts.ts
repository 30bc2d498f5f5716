/** What a part of open requests is, told from attributes: a word, and for waits, queues and stops a party. Pure. */
import {
  ATTRIBUTE,
  BLAME_KINDS,
  EXEMPLAR,
  QUOTA_LEVELS,
  type AnatomyPart,
  type BlameKind,
  type QuotaLevel,
  type Relation,
  type RequestPart,
} from 'backstage-plugin-contention-common';
import type { Attributes } from '../../otlp';
import type { StoredResource } from '../../store';
import {
  culpritOfSeries,
  quotaLevelOf,
  type PartyFacts,
  type Perspective,
} from '../parties';
import type { Presenter } from '../present';
import { partyInQueue } from '../queueParties';
import { QUEUE_WORD, RELATION_WORD } from '../words';

/** Parts that mean the same to a person: what a sentence names, and what a verdict is made of. */
export type Group =
  | Relation
  | `queue:${Relation}`
  | 'retransmission'
  | 'work'
  | 'upstream'
  | 'unread';

export interface PartFacts {
  key: string;
  part: RequestPart;
  group: Group;
  /** Of waits, queues and stops. */
  party?: PartyFacts;
}

type PlainPart = Exclude<RequestPart, 'wait' | 'queue' | 'throttled'>;

const PLAIN: Record<PlainPart, { group: Group; label: string }> = {
  work: { group: 'work', label: 'working' },
  retransmission: { group: 'retransmission', label: 'network: lost' },
  upstream: { group: 'upstream', label: 'waiting for an upstream' },
  unread: { group: 'unread', label: 'arrived, and no thread had read it' },
  unattributed: { group: 'unknown', label: RELATION_WORD.unknown },
};

type Culprit = Parameters<typeof culpritOfSeries>[0];
type Resources = ReadonlyMap<number, StoredResource>;

/** The part that a series of `contention.request.anatomy` sums up. */
export function partOfSeries(
  series: Culprit,
  resources: Resources,
  perspective: Perspective,
): PartFacts {
  const part = series.attributes[ATTRIBUTE.part] as RequestPart;
  switch (part) {
    case 'throttled':
      return stopped(
        quotaLevelOf(series.attributes) ?? 'container',
        resources,
        perspective,
      );
    case 'wait':
      return waited(culpritOfSeries(series, resources, perspective));
    case 'queue':
      return queued(
        partyInQueue(culpritOfSeries(series, resources, perspective)),
      );
    default:
      return plain(part);
  }
}

function plain(part: PlainPart): PartFacts {
  return { key: part, part, group: PLAIN[part].group };
}

/** Time of requests that no agent looked into. */
export const NOT_LOOKED_AT = plain('unattributed');

function waited(party: PartyFacts): PartFacts {
  return { key: party.key, part: 'wait', group: party.relation, party };
}

const QUEUE_KEY = 'queue:';

/** The same party may be waited for twice, for a CPU and in a queue: two parts, two keys. */
function queued(party: PartyFacts): PartFacts {
  return {
    key: `${QUEUE_KEY}${party.key}`,
    part: 'queue',
    group: `queue:${party.relation}`,
    party,
  };
}

function stopped(
  level: QuotaLevel,
  resources: Resources,
  perspective: Perspective,
): PartFacts {
  const party = partyOf(
    {
      [ATTRIBUTE.culpritKind]: 'throttled',
      [ATTRIBUTE.quotaLevel]: level,
    },
    resources,
    perspective,
  );
  return { key: party.key, part: 'throttled', group: 'limit', party };
}

function partyOf(
  attributes: Attributes,
  resources: Resources,
  perspective: Perspective,
  culpritId?: number,
): PartyFacts {
  return culpritOfSeries({ attributes, culpritId }, resources, perspective);
}

/** The main culprit of a worst case; undefined where the agent named none. */
export function culpritOfWorst(
  worst: { attributes: Attributes; culpritId?: number },
  resources: Resources,
  perspective: Perspective,
): PartyFacts | undefined {
  if (worst.attributes[ATTRIBUTE.culpritKind] === undefined) return undefined;
  return partyOf(worst.attributes, resources, perspective, worst.culpritId);
}

/**
 * Parts of a worst case, from `contention.part.<x>`. Waits come by kind: only the main culprit has a name, and it is not
 * blamed for what others of its kind did.
 */
export function partsOfWorst(
  attributes: Attributes,
  resources: Resources,
  perspective: Perspective,
): { facts: PartFacts; seconds: number }[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (!key.startsWith(EXEMPLAR.partPrefix)) return [];
    const seconds = Number(value);
    const name = key.slice(EXEMPLAR.partPrefix.length);
    const facts = partNamed(name, attributes, resources, perspective);
    return facts && seconds > 0 ? [{ facts, seconds }] : [];
  });
}

function partNamed(
  name: string,
  attributes: Attributes,
  resources: Resources,
  perspective: Perspective,
): PartFacts | undefined {
  if (Object.hasOwn(PLAIN, name)) return plain(name as PlainPart);
  const [part, detail] = name.split('.');
  if (part === 'throttled') {
    const level = QUOTA_LEVELS.find(known => known === detail);
    return level && stopped(level, resources, perspective);
  }
  const kind = BLAME_KINDS.find(known => known === detail);
  if ((part !== 'wait' && part !== 'queue') || !kind) return undefined;
  // The main culprit is that of the waits.
  const same = part === 'wait' && attributes[ATTRIBUTE.culpritKind] === kind;
  const { key, ...party } = partyOf(
    {
      [ATTRIBUTE.culpritKind]: kind,
      ...(same
        ? { [ATTRIBUTE.culpritSamePod]: attributes[ATTRIBUTE.culpritSamePod] }
        : {}),
    },
    resources,
    perspective,
  );
  const nameless = { ...party, key, name: namelessOf(kind, party) };
  return part === 'wait' ? waited(nameless) : queued(partyInQueue(nameless));
}

/** Kinds that have several members, none of which is named here. */
function namelessOf(
  kind: BlameKind,
  { relation, name }: Pick<PartyFacts, 'relation' | 'name'>,
): string {
  if (kind !== 'container') return name;
  return relation === 'sidecar' ? 'own sidecar' : 'neighbours';
}

export function presentPart(
  { key, part, party }: PartFacts,
  seconds: number,
  all: number,
  presenter: Presenter,
): AnatomyPart {
  const amounts = { seconds, share: all > 0 ? Math.min(1, seconds / all) : 0 };
  if (!party) return { key, part, label: labelOf(part), ...amounts };
  const shown = presenter.party(party);
  return {
    key: part === 'queue' ? `${QUEUE_KEY}${shown.key}` : shown.key,
    part,
    label: (part === 'queue' ? QUEUE_WORD : RELATION_WORD)[party.relation],
    party: shown,
    ...amounts,
  };
}

function labelOf(part: RequestPart): string {
  return Object.hasOwn(PLAIN, part) ? PLAIN[part as PlainPart].label : part;
}
