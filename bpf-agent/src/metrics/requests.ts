/**
 * How long requests took and what happened meanwhile, as points. Pure. Knows nothing of how the kernel side tells where a
 * request begins.
 */
import {
  ATTRIBUTE,
  EXEMPLAR,
  METRIC,
} from 'backstage-plugin-contention-common/metrics';
import {
  quotaLevel,
  SANDBOX_NAME,
  type Subject,
  type Subjects,
} from '../identity/subject';
import { secondsOf, type Attributes } from '../otlp/model';
import type { FrameWorst } from '../sensor/frame';
import type { AnatomyDelta, HistogramDelta, Window } from '../window/window';
import { blameAttributes } from './blame';
import type { RequestBuilder, Span } from './requestBuilder';

const NONE: HistogramDelta = {
  sumNs: 0n,
  count: 0n,
  zeroCount: 0n,
  buckets: new Map(),
};

function seriesAttributes(role: string, estimated: boolean): Attributes {
  return { [ATTRIBUTE.role]: role, [ATTRIBUTE.estimated]: estimated };
}

/** Whose fault a part is: nobody's but for waits, queues and stops. */
function culpritAttributes(
  subject: Subject,
  row: Pick<AnatomyDelta, 'cgroup' | 'part' | 'kind' | 'culprit' | 'ns'>,
  subjects: Subjects,
): Attributes {
  const { culprit, ns } = row;
  if (row.part === 'wait' || row.part === 'queue') {
    const kind = row.kind ?? 'unattributed';
    return blameAttributes(
      subject,
      { victim: row.cgroup, kind, culprit, ns },
      subjects,
    );
  }
  if (row.part !== 'throttled') return {};
  const quotaPath =
    culprit === undefined ? undefined : subjects.pathOf(culprit);
  return quotaPath === undefined
    ? {}
    : { [ATTRIBUTE.quotaLevel]: quotaLevel(subject, quotaPath) };
}

/** Names of the parts of a worst case, and who is most to blame. */
function worstAttributes(
  subject: Subject,
  one: FrameWorst,
  subjects: Subjects,
): Attributes {
  const parts = new Map<string, bigint>();
  let culprit: Attributes = {};
  let most = 0n;
  for (const { part, kind, culprit: id, ns: text } of one.parts) {
    const ns = BigInt(text);
    const row = { cgroup: one.cgroup, part, kind, culprit: id, ns };
    const blamed = culpritAttributes(subject, row, subjects);
    const name = [
      part,
      blamed[ATTRIBUTE.culpritKind] ?? blamed[ATTRIBUTE.quotaLevel],
    ]
      .filter(word => word !== undefined)
      .join('.');
    parts.set(name, (parts.get(name) ?? 0n) + ns);
    if ((part === 'wait' || part === 'queue') && ns > most) {
      most = ns;
      culprit = blamed;
    }
  }
  const peer: Attributes =
    one.of === 'request' && one.peer
      ? {
          [EXEMPLAR.peerAddress]: one.peer.address,
          [EXEMPLAR.peerPort]: one.peer.port,
        }
      : {};
  return {
    ...peer,
    ...culprit,
    ...Object.fromEntries(
      [...parts].map(([name, ns]) => [
        `${EXEMPLAR.partPrefix}${name}`,
        secondsOf(ns),
      ]),
    ),
  };
}

/** The slowest request and the longest wait of everybody, as exemplars of their histograms. */
export function addWorst(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  for (const { case: one, endUnixNs } of window.worst) {
    const subject = subjects.of(one.cgroup);
    const isRequest = one.of === 'request';
    builder.record(
      subject.resource,
      isRequest ? METRIC.requestDuration : METRIC.cpuWait,
      isRequest ? seriesAttributes(one.role, one.estimated) : {},
      NONE,
      span,
      {
        attributes: worstAttributes(subject, one, subjects),
        unixNs: endUnixNs,
        ns: BigInt(one.durationNs),
      },
    );
  }
}

export function addRequests(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  // A container that got no request says so, where they are timed.
  for (const { path, removed } of window.timesRequests ? window.cgroups : []) {
    const subject = subjects.ofPath(path);
    const isServer =
      subject.kind === 'container' &&
      !removed &&
      subject.own[ATTRIBUTE.containerName] !== SANDBOX_NAME;
    if (!isServer) continue;
    const attributes = seriesAttributes('server', false);
    builder.record(
      subject.resource,
      METRIC.requestDuration,
      attributes,
      NONE,
      span,
    );
  }
  for (const { cgroup, role, estimated, ...delta } of window.requests) {
    builder.record(
      subjects.of(cgroup).resource,
      METRIC.requestDuration,
      seriesAttributes(role, estimated),
      delta,
      span,
    );
  }
  for (const { cgroup, ...delta } of window.unread) {
    const { resource } = subjects.of(cgroup);
    builder.record(resource, METRIC.netUnread, {}, delta, span);
  }
  for (const row of window.anatomy) {
    const subject = subjects.of(row.cgroup);
    builder.add(
      subject.resource,
      METRIC.requestAnatomy,
      {
        ...seriesAttributes(row.role, row.estimated),
        [ATTRIBUTE.band]: 2 ** row.band,
        [ATTRIBUTE.part]: row.part,
        ...culpritAttributes(subject, row, subjects),
      },
      { ns: row.ns },
      span,
    );
  }
}
