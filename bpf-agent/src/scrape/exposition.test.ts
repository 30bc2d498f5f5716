import { METRIC } from 'backstage-plugin-contention-common/metrics';
import { RequestBuilder } from '../metrics/requestBuilder';
import { Exposition } from './exposition';
import type { NumberFamily } from './families';

const SECOND = 1_000_000_000n;
const PATH = { 'contention.cgroup.path': '/' };

function expositionAt(clock: { nowUnixNs: bigint }) {
  return new Exposition({
    idleNs: 900n * SECOND,
    health: () => ({
      version: '1.2.3',
      startUnixSeconds: 5,
      cpuSeconds: 0.25,
      residentBytes: 1000,
    }),
    nowUnixNs: () => clock.nowUnixNs,
  });
}

function windowOf(second: bigint, packets: bigint) {
  const builder = new RequestBuilder();
  const span = {
    startUnixNs: (second - 10n) * SECOND,
    endUnixNs: second * SECOND,
  };
  builder.add(PATH, METRIC.netReceivePackets, {}, { integer: packets }, span);
  return { request: builder.build(), ...span };
}

const valuesOf = (exposition: Exposition) =>
  Object.fromEntries(
    exposition
      .families()
      .map(family => [family.name, (family as NumberFamily).samples[0].value]),
  );

const PACKETS = 'contention_net_receive_packets_total';

it('the agent says how it is before anything was measured', () => {
  expect(valuesOf(expositionAt({ nowUnixNs: 0n }))).toEqual({
    contention_agent_info: 1,
    contention_agent_windows_total: 0,
    contention_agent_last_window_timestamp_seconds: 0,
    process_cpu_seconds_total: 0.25,
    process_resident_memory_bytes: 1000,
    process_start_time_seconds: 5,
  });
});

it('values are of all windows so far', () => {
  const exposition = expositionAt({ nowUnixNs: 21n * SECOND });
  exposition.take(windowOf(10n, 5n));
  exposition.take(windowOf(20n, 7n));
  expect(valuesOf(exposition)).toMatchObject({
    [PACKETS]: 12,
    contention_agent_windows_total: 2,
    contention_agent_last_window_timestamp_seconds: 20,
  });
});

it('what nobody has measured for five minutes is not told, and is again when somebody does', () => {
  const clock = { nowUnixNs: 10n * SECOND };
  const exposition = expositionAt(clock);
  exposition.take(windowOf(10n, 5n));
  clock.nowUnixNs = 310n * SECOND;
  expect(valuesOf(exposition)).toHaveProperty(PACKETS);
  clock.nowUnixNs += 1n;
  expect(valuesOf(exposition)).not.toHaveProperty(PACKETS);
  expect(valuesOf(exposition)).toMatchObject({
    contention_agent_last_window_timestamp_seconds: 10,
  });
  exposition.take(windowOf(320n, 1n));
  expect(valuesOf(exposition)).toMatchObject({ [PACKETS]: 1 });
});
