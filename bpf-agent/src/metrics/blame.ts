/**
 * From the kernel side's kinds of blame to those on the wire: a cgroup becomes the same container (`self`), another one
 * (`container`), or something that is no container (`system`). Every kind has exactly one answer, so nothing of a wait
 * is dropped or counted twice here.
 */
import {
  ATTRIBUTE,
  CULPRIT_PREFIX,
  type BlameKind,
} from 'backstage-plugin-contention-common/metrics';
import { quotaLevel, type Subject, type Subjects } from '../identity/subject';
import type { Attributes } from '../otlp/model';
import type { BlameDelta } from '../window/window';

const VIA_SOFTIRQ: Attributes = { [ATTRIBUTE.culpritVia]: 'softirq' };

function ofKind(kind: BlameKind, more: Attributes = {}): Attributes {
  return { [ATTRIBUTE.culpritKind]: kind, ...more };
}

/** Culprits meet many victims: one object for each way in which they do. */
const occupants = new WeakMap<Subject, Map<string, Attributes>>();

function occupantAttributes(
  culprit: Subject,
  kind: BlameKind,
  more: Attributes,
): Attributes {
  const key = `${kind} ${Object.values(more)}`;
  const known = occupants.get(culprit) ?? new Map<string, Attributes>();
  occupants.set(culprit, known);
  let attributes = known.get(key);
  if (!attributes) {
    const who = Object.entries(culprit.own).map(([name, value]) => [
      `${CULPRIT_PREFIX}${name}`,
      value,
    ]);
    attributes = ofKind(kind, { ...more, ...Object.fromEntries(who) });
    known.set(key, attributes);
  }
  return attributes;
}

function occupant(
  victim: Subject,
  culprit: Subject,
  via: Attributes,
): Attributes {
  if (culprit.kind === 'unknown') return ofKind('unattributed', via);
  if (culprit.path === victim.path) return ofKind('self', via);
  if (culprit.kind !== 'container') {
    return occupantAttributes(culprit, 'system', via);
  }
  const samePod =
    culprit.podPath !== undefined && culprit.podPath === victim.podPath;
  return occupantAttributes(culprit, 'container', {
    ...via,
    [ATTRIBUTE.culpritSamePod]: samePod,
  });
}

/** Attributes of the `contention.cpu.wait.blame` point that this row is part of. */
export function blameAttributes(
  victim: Subject,
  row: BlameDelta,
  subjects: Subjects,
): Attributes {
  switch (row.kind) {
    case 'cgroup':
      return row.culprit === undefined
        ? ofKind('unattributed')
        : occupant(victim, subjects.of(row.culprit), {});
    case 'softirq':
      // Work for packets that nobody owns is plain interrupt work.
      return row.culprit === undefined
        ? ofKind('interrupt')
        : occupant(victim, subjects.of(row.culprit), VIA_SOFTIRQ);
    case 'throttled': {
      const quotaPath =
        row.culprit === undefined ? undefined : subjects.pathOf(row.culprit);
      return ofKind(
        'throttled',
        quotaPath === undefined
          ? {}
          : { [ATTRIBUTE.quotaLevel]: quotaLevel(victim, quotaPath) },
      );
    }
    case 'kernel':
    case 'steal':
    case 'interrupt':
    case 'idle':
    case 'other':
    case 'unattributed':
      return ofKind(row.kind);
    default:
      // A newer sensor may know more; its time still has to be somewhere.
      return ofKind('unattributed');
  }
}
