/** What the kernel's own books say, put on the resource whose books they are: one value per cgroup. */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common/metrics';
import type { QuotaLevel } from 'backstage-plugin-contention-common/metrics';
import type { Subject, Subjects } from '../identity/subject';
import type { ModeLedger } from '../ledger/cgroupFiles';
import type { LedgerEntry } from '../ledger/ledgerBook';
import type { RequestBuilder, Span } from './requestBuilder';

/**
 * Paths that have another subject somewhere below: a pod, a slice, the root. Their books cover more than their own
 * threads.
 */
export function compositePaths(
  subjects: Subjects,
  paths: Iterable<string>,
): Set<string> {
  const composite = new Set<string>();
  for (const path of paths) {
    let above = subjects.ofPath(path).path;
    while (above !== '/' && above.startsWith('/')) {
      above = above.slice(0, above.lastIndexOf('/')) || '/';
      if (composite.has(above)) break;
      composite.add(above);
    }
  }
  return composite;
}

/** Seen from the threads inside: their own quota, their pod's, or one that several share. */
function levelOf(subject: Subject, composite: ReadonlySet<string>): QuotaLevel {
  if (subject.kind === 'container') return 'container';
  if (subject.kind === 'pod') return 'pod';
  return composite.has(subject.path) ? 'slice' : 'container';
}

/** Quota enforcement, limit and request of one cgroup. */
export function addLedger(
  builder: RequestBuilder,
  subjects: Subjects,
  entry: LedgerEntry,
  composite: ReadonlySet<string>,
): void {
  const subject = subjects.ofPath(entry.path);
  if (subject.kind === 'node') return; // The root has no quota and no weight.
  const { resource } = subject;
  const { quota } = entry;
  if (quota && (entry.limitCpus !== undefined || quota.periods > 0n)) {
    const level = { [ATTRIBUTE.quotaLevel]: levelOf(subject, composite) };
    const span: Span = {
      startUnixNs: entry.startUnixNs,
      endUnixNs: entry.endUnixNs,
    };
    builder.add(
      resource,
      METRIC.cpuThrottledTime,
      level,
      { ns: quota.throttledNs },
      span,
    );
    builder.add(
      resource,
      METRIC.cpuThrottledPeriods,
      level,
      { integer: quota.periods },
      span,
    );
    builder.add(
      resource,
      METRIC.cpuThrottledPeriodsThrottled,
      level,
      { integer: quota.throttledPeriods },
      span,
    );
  }
  if (entry.path !== subject.path) return; // A nested cgroup's limit is not the subject's.
  if (entry.limitCpus !== undefined) {
    builder.gauge(
      resource,
      METRIC.cpuLimit,
      { double: entry.limitCpus },
      entry.endUnixNs,
    );
  }
  const requestCpus =
    subject.requestCpus ??
    (subject.podPath === undefined ? undefined : entry.weightCpus);
  if (requestCpus !== undefined) {
    builder.gauge(
      resource,
      METRIC.cpuRequest,
      { double: requestCpus },
      entry.endUnixNs,
    );
  }
}

/**
 * Splits an exact total by the ledger's proportion of user to system time. The parts add up to the total.
 * @returns undefined where the ledger has no proportion
 */
export function splitByMode(
  totalNs: bigint,
  mode: ModeLedger | undefined,
): { userNs: bigint; systemNs: bigint } | undefined {
  if (!mode) return undefined;
  const whole = mode.userNs + mode.systemNs;
  if (whole <= 0n) return undefined;
  const userNs = (totalNs * mode.userNs) / whole;
  return { userNs, systemNs: totalNs - userNs };
}
