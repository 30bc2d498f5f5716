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

function culpritAttributes(culprit: Subject): Attributes {
  const attributes: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(culprit.own)) {
    attributes[`${CULPRIT_PREFIX}${key}`] = value;
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
  const who = { ...via, ...culpritAttributes(culprit) };
  if (culprit.kind !== 'container') return ofKind('system', who);
  return ofKind('container', {
    ...who,
    [ATTRIBUTE.culpritSamePod]:
      culprit.podPath !== undefined && culprit.podPath === victim.podPath,
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
