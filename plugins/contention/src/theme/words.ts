/**
 * What the parts of a wait or of a request are called. The backend says the same words in English, as labels; labels that it
 * makes up, names above all, stay as they are.
 */
import { useMemo } from 'react';
import type {
  AnatomyPart,
  Layer,
  Relation,
} from 'backstage-plugin-contention-common';
import { inEnglish, useWords, type Words } from '../translation';
import { english } from '../translation/en';
import { SMALLER_NEIGHBOURS, type QuotaLevel } from './colours';

type Part = Pick<AnatomyPart, 'part' | 'party' | 'label' | 'key'>;

const LEVEL = {
  container: 'parts.levelContainer',
  pod: 'parts.levelPod',
  slice: 'parts.levelSlice',
} as const;

const SHORT = {
  work: 'parts.shortWork',
  upstream: 'parts.shortUpstream',
  unread: 'parts.shortUnread',
  retransmission: 'parts.shortRetransmission',
  queue: 'parts.shortQueue',
  unattributed: 'parts.shortUnknown',
  throttled: 'parts.shortThrottled',
  wait: 'parts.shortWait',
  neighbour: 'parts.shortNeighbour',
  sidecar: 'parts.shortSidecar',
  self: 'parts.shortSelf',
  limit: 'parts.shortThrottled',
  host: 'parts.shortHost',
  idle: 'parts.shortIdle',
  other: 'parts.shortOther',
  unknown: 'parts.shortUnknown',
} as const satisfies Record<AnatomyPart['part'] | Relation, string>;

/** The labels of the backend that are words of the screen. */
const IN_QUEUE = {
  neighbour: 'parts.queueNeighbour',
  sidecar: 'parts.queueSidecar',
  self: 'parts.queueSelf',
  limit: 'parts.queue',
  host: 'parts.queueHost',
  idle: 'parts.queue',
  other: 'parts.queueOther',
  unknown: 'parts.queueUnknown',
} as const satisfies Record<Relation, string>;

const BEHIND = {
  neighbour: 'parts.behindNeighbour',
  sidecar: 'parts.behindSidecar',
  self: 'parts.behindSelf',
  limit: 'parts.queue',
  host: 'parts.behindHost',
  idle: 'parts.queue',
  other: 'parts.behindOther',
  unknown: 'parts.behindUnknown',
} as const satisfies Record<Relation, string>;

const SHORT_IN_QUEUE = {
  sidecar: 'parts.shortQueueSidecar',
  self: 'parts.shortQueueSelf',
  limit: 'parts.shortQueue',
  host: 'parts.shortQueueHost',
  idle: 'parts.shortQueue',
  other: 'parts.shortQueueOther',
  unknown: 'parts.shortQueueUnknown',
} as const satisfies Record<Exclude<Relation, 'neighbour'>, string>;

const KNOWN = (
  [
    'neighbour',
    'sidecar',
    'self',
    'limit',
    'host',
    'idle',
    'other',
    'unknown',
    'work',
    'upstream',
    'unread',
    'retransmission',
    'behindSidecar',
    'behindSelf',
    'behindHost',
    'behindOther',
    'behindUnknown',
  ] as const
).map(key => [english.parts[key], `parts.${key}`] as const);
const KEY_OF_LABEL = new Map<string, (typeof KNOWN)[number][1]>(KNOWN);

function wordsOfParts(t: Words) {
  /** `pod` */
  const levelName = (level: QuotaLevel): string => t(LEVEL[level]);
  /** `stopped by its CPU limit (pod)` */
  const levelWord = (level: QuotaLevel): string =>
    t('parts.limitLevel', { level: levelName(level) });
  /** `taken by the host` */
  const relationWord = (relation: Relation): string => t(`parts.${relation}`);

  const labelWord = (label: string): string => {
    const key = KEY_OF_LABEL.get(label);
    return key ? t(key) : label;
  };

  /** `6 smaller neighbours`, as the backend counts them; anybody else by name. */
  const neighbourName = (key: string, name: string): string => {
    if (key !== SMALLER_NEIGHBOURS) return name;
    const [number] = /^\d+/.exec(name) ?? [];
    return number ? t('parts.smallerCount', { number }) : t('parts.smaller');
  };

  return {
    levelName,
    levelWord,
    relationWord,
    /** `behind the host`: of packets in a queue. */
    behindWord: (relation: Relation): string => t(BEHIND[relation]),
    /** A layer of a chart: a neighbour's name, or what else was waited for. */
    layerWord: ({ relation, key, label }: Layer): string =>
      relation === 'neighbour' ? neighbourName(key, label) : labelWord(label),
    /** `working`, `waiting for batch-report`, `stopped by its CPU limit (pod)` */
    partWords: ({ part, party, label }: Part): string => {
      if (part === 'throttled' && party?.quotaLevel) {
        return levelWord(party.quotaLevel);
      }
      if (part === 'queue') {
        return party?.relation === 'neighbour'
          ? t('parts.queueNamed', {
              name: neighbourName(party.key, party.name),
            })
          : t(IN_QUEUE[party?.relation ?? 'unknown']);
      }
      return party?.relation === 'neighbour'
        ? t('parts.neighbourNamed', {
            name: neighbourName(party.key, party.name),
          })
        : labelWord(label);
    },
    /** The same, as short as it may be inside a bar. */
    partShort: ({ part, party }: Part): string => {
      if (part === 'throttled' && party?.quotaLevel) {
        return t('parts.shortLevel', { level: levelName(party.quotaLevel) });
      }
      if (part === 'queue' && party) {
        return party.relation === 'neighbour'
          ? t('parts.shortQueueNamed', {
              name: neighbourName(party.key, party.name),
            })
          : t(SHORT_IN_QUEUE[party.relation]);
      }
      if (part !== 'wait' || !party) return t(SHORT[part]);
      return party.relation === 'neighbour'
        ? neighbourName(party.key, party.name)
        : t(SHORT[party.relation]);
    },
  };
}

export type PartWords = ReturnType<typeof wordsOfParts>;

/** In English, whatever the reader has chosen: keys, and tests. */
export const { partWords, partShort } = wordsOfParts(inEnglish);

/** In the reader's language. */
export function usePartWords(): PartWords {
  const t = useWords();
  return useMemo(() => wordsOfParts(t), [t]);
}

/** The same layers with their labels in the reader's language. */
export function useLayers(layers: readonly Layer[]): Layer[] {
  const { layerWord } = usePartWords();
  return useMemo(
    () => layers.map(layer => ({ ...layer, label: layerWord(layer) })),
    [layers, layerWord],
  );
}
