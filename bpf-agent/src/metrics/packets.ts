/**
 * Packets, as points: how long they stood in the queues of devices and behind whom, bytes, drops, and the node's receive side.
 * Pure.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common/metrics';
import type { Subject, Subjects } from '../identity/subject';
import type { ReceiveEntry } from '../ledger/receiveBook';
import type { Attributes } from '../otlp/model';
import type { ArrivalDelta, Window } from '../window/window';
import { blameAttributes } from './blame';
import type { RequestBuilder, Span } from './requestBuilder';

function ofDevice(device: string | undefined): Attributes {
  return device === undefined ? {} : { [ATTRIBUTE.interfaceName]: device };
}

function addQueues(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  for (const { cgroup, device, ...delta } of window.netQueues) {
    const { resource } = subjects.of(cgroup);
    builder.record(resource, METRIC.netQueue, ofDevice(device), delta, span);
  }
  for (const { device, ...row } of window.netBlame) {
    const victim = subjects.of(row.victim);
    builder.add(
      victim.resource,
      METRIC.netQueueBlame,
      { ...blameAttributes(victim, row, subjects), ...ofDevice(device) },
      { ns: row.ns },
      span,
    );
  }
}

export function addPackets(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  addQueues(builder, window, subjects, span);
  for (const { cgroup, direction, bytes } of window.netIo) {
    builder.add(
      subjects.of(cgroup).resource,
      METRIC.netIo,
      { [ATTRIBUTE.ioDirection]: direction },
      { integer: bytes },
      span,
    );
  }
  for (const { cgroup, reason, place, packets } of window.netDrops) {
    builder.add(
      subjects.of(cgroup).resource,
      METRIC.netDrops,
      {
        ...(reason === undefined ? {} : { [ATTRIBUTE.dropReason]: reason }),
        [ATTRIBUTE.dropPlace]: place,
      },
      { integer: packets },
      span,
    );
  }
}

/**
 * Who sent packets that the node took up under pressure.
 * @param node - the machine itself is no part of it: what nobody's cgroup sent is `system`
 */
function senderOf(
  node: Subject,
  { kind, culprit }: Pick<ArrivalDelta, 'kind' | 'culprit'>,
  subjects: Subjects,
): Attributes {
  if (culprit !== undefined && subjects.of(culprit) === node) {
    return { [ATTRIBUTE.culpritKind]: 'system' };
  }
  return blameAttributes(node, { victim: '', kind, culprit, ns: 0n }, subjects);
}

/** Whose packets came while more of them came than CPUs could take, and for how long that was so and was watched. */
export function addArrivals(
  builder: RequestBuilder,
  { arrivals, pressure }: Pick<Window, 'arrivals' | 'pressure'>,
  node: Subject,
  subjects: Subjects,
  span: Span,
): void {
  if (!pressure) return;
  const { pressedNs, watchedNs } = pressure;
  builder.add(
    node.resource,
    METRIC.netReceivePressure,
    {},
    { ns: pressedNs },
    span,
  );
  builder.add(
    node.resource,
    METRIC.netReceiveWatched,
    {},
    { ns: watchedNs },
    span,
  );
  for (const row of arrivals) {
    builder.add(
      node.resource,
      METRIC.netReceiveBlame,
      senderOf(node, row, subjects),
      { integer: row.packets },
      span,
    );
  }
}

/** @param node - receiving is the machine's, whoever the packets are for */
export function addReceive(
  builder: RequestBuilder,
  node: Subject,
  entry: ReceiveEntry | undefined,
): void {
  if (!entry) return;
  const { startUnixNs, endUnixNs } = entry;
  for (const [metric, integer] of [
    [METRIC.netReceivePackets, entry.packets],
    [METRIC.netReceiveDrops, entry.drops],
    [METRIC.netReceiveSqueezed, entry.squeezed],
  ] as const) {
    builder.add(
      node.resource,
      metric,
      {},
      { integer },
      { startUnixNs, endUnixNs },
    );
  }
}
