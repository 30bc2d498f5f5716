/**
 * One window, named: every number that the agent sends about it. Pure. Threads of nested cgroups count for the
 * container around them; the parts of a wait add up to the wait, to the nanosecond, on every resource.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common/metrics';
import {
  quotaLevel,
  SANDBOX_NAME,
  type Subject,
  type Subjects,
} from '../identity/subject';
import type { LedgerEntry } from '../ledger/ledgerBook';
import type { ReceiveEntry } from '../ledger/receiveBook';
import type { MetricsRequest } from '../otlp/model';
import type { HistogramDelta, Window } from '../window/window';
import { blameAttributes } from './blame';
import { addLedger, compositePaths, splitByMode } from './ledgerMetrics';
import { RequestBuilder, type Span } from './requestBuilder';
import { addRequests, addWorst } from './requests';
import { addBurn } from './burn';
import { addDns } from './dns';
import { addPeers } from './peers';
import { addArrivals, addPackets, addReceive } from './packets';

/** What the agent process knows about itself in this window. */
export interface AgentAccount {
  cpuNs: bigint;
  /** Things lost after the kernel side, by reason. */
  lost: ReadonlyMap<string, bigint>;
}

const NO_WAITS: HistogramDelta = {
  sumNs: 0n,
  count: 0n,
  zeroCount: 0n,
  buckets: new Map(),
};

function addWaits(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  // A container that did not wait says so: silence would mean that nobody measured.
  for (const { path, removed } of window.cgroups) {
    const subject = subjects.ofPath(path);
    const isMeasured =
      subject.kind === 'container' &&
      !removed &&
      subject.own[ATTRIBUTE.containerName] !== SANDBOX_NAME;
    if (!isMeasured) continue;
    builder.record(subject.resource, METRIC.cpuWait, {}, NO_WAITS, span);
  }
  for (const wait of window.waits) {
    const { resource } = subjects.of(wait.cgroup);
    builder.record(resource, METRIC.cpuWait, {}, wait, span);
  }
  for (const row of window.blame) {
    const victim = subjects.of(row.victim);
    builder.add(
      victim.resource,
      METRIC.cpuWaitBlame,
      blameAttributes(victim, row, subjects),
      { ns: row.ns },
      span,
    );
  }
  for (const open of window.open) {
    builder.gauge(
      subjects.of(open.cgroup).resource,
      METRIC.cpuWaitOpen,
      { ns: BigInt(open.oldestNs) },
      span.endUnixNs,
    );
  }
}

function addStalls(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  for (const stall of window.stalls) {
    const subject = subjects.of(stall.cgroup);
    const quotaPath = subjects.pathOf(stall.quota);
    builder.record(
      subject.resource,
      METRIC.cpuThrottledStall,
      quotaPath === undefined
        ? {}
        : { [ATTRIBUTE.quotaLevel]: quotaLevel(subject, quotaPath) },
      stall,
      span,
    );
  }
}

function addCpuTime(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  ledgers: ReadonlyMap<string, LedgerEntry>,
  composite: ReadonlySet<string>,
  span: Span,
): void {
  const totals = new Map<Subject, bigint>();
  for (const { cgroup, ns } of window.cpu) {
    const subject = subjects.of(cgroup);
    totals.set(subject, (totals.get(subject) ?? 0n) + ns);
  }
  for (const [subject, totalNs] of totals) {
    const mode = composite.has(subject.path)
      ? undefined
      : ledgers.get(subject.path)?.mode;
    const split = splitByMode(totalNs, mode);
    const parts: [Record<string, string>, bigint][] = split
      ? [
          [{ [ATTRIBUTE.cpuMode]: 'user' }, split.userNs],
          [{ [ATTRIBUTE.cpuMode]: 'system' }, split.systemNs],
        ]
      : [[{}, totalNs]];
    for (const [attributes, ns] of parts) {
      builder.add(subject.resource, METRIC.cpuTime, attributes, { ns }, span);
    }
  }
}

/** Where the sensor did not measure CPU time all the while: the ledger's, whose books cover threads and all below them. */
function addLedgerCpuTime(
  builder: RequestBuilder,
  subjects: Subjects,
  ledger: readonly LedgerEntry[],
  composite: ReadonlySet<string>,
  span: Span,
): void {
  for (const { path, used } of ledger) {
    const subject = subjects.ofPath(path);
    if (!used || subject.path !== path || composite.has(path)) continue;
    for (const [mode, ns] of [
      ['user', used.userNs],
      ['system', used.systemNs],
    ] as const) {
      builder.add(
        subject.resource,
        METRIC.cpuTime,
        { [ATTRIBUTE.cpuMode]: mode },
        { ns },
        span,
      );
    }
  }
}

function addAgent(
  builder: RequestBuilder,
  window: Window,
  node: Subject,
  agent: AgentAccount,
  span: Span,
): void {
  const add = (
    metric:
      | typeof METRIC.agentEvents
      | typeof METRIC.agentLost
      | typeof METRIC.agentOverhead
      | typeof METRIC.agentShed,
    program: string,
    value: { ns: bigint } | { integer: bigint },
  ) =>
    builder.add(
      node.resource,
      metric,
      { [ATTRIBUTE.program]: program },
      value,
      span,
    );
  for (const [program, integer] of window.events) {
    add(METRIC.agentEvents, program, { integer });
  }
  for (const [reason, integer] of [...window.lost, ...agent.lost]) {
    add(METRIC.agentLost, reason, { integer });
  }
  for (const [program, ns] of window.overheadNs) {
    add(METRIC.agentOverhead, program, { ns });
  }
  add(METRIC.agentOverhead, 'agent', { ns: agent.cpuNs });
  for (const [step, ns] of window.shedNs) add(METRIC.agentShed, step, { ns });
}

/** @returns deltas of this window for every resource in it */
export function windowMetrics(
  window: Window,
  subjects: Subjects,
  ledger: readonly LedgerEntry[],
  agent: AgentAccount,
  receive?: ReceiveEntry,
): MetricsRequest {
  const builder = new RequestBuilder();
  const { startUnixNs, endUnixNs } = window;
  const span = { startUnixNs, endUnixNs };
  const alive = window.cgroups
    .filter(cgroup => !cgroup.removed)
    .map(cgroup => cgroup.path);
  const composite = compositePaths(subjects, alive);
  const ledgers = new Map(ledger.map(entry => [entry.path, entry]));

  const node = subjects.nodeSubject;
  builder.gauge(
    node.resource,
    METRIC.cpuLimit,
    { double: window.onlineCpus },
    endUnixNs,
  );
  addWaits(builder, window, subjects, span);
  addStalls(builder, window, subjects, span);
  addBurn(builder, window.burn, subjects, span);
  addRequests(builder, window, subjects, span);
  addWorst(builder, window, subjects, span);
  addDns(builder, window.dns, subjects, span);
  addPeers(builder, window, subjects, span);
  addPackets(builder, window, subjects, span);
  addArrivals(builder, window, node, subjects, span);
  addReceive(builder, node, receive);
  if (window.shedNs.has('blame')) {
    addLedgerCpuTime(builder, subjects, ledger, composite, span);
  } else {
    addCpuTime(builder, window, subjects, ledgers, composite, span);
  }
  for (const entry of ledger) addLedger(builder, subjects, entry, composite);
  addAgent(builder, window, node, agent, span);
  return builder.build();
}
