/** Series by who the peer is: one row for a party however many addresses, containers and nodes it has. Pure. */
import {
  addressText,
  ATTRIBUTE,
  emptyHistogram,
  mergeInto,
  METRIC,
  quantileSeconds,
  type ConnectError,
  type DnsError,
  type DurationHistogram,
  type NameServer,
  type Peer,
  type RequestRole,
  type RetransmitCause,
} from 'backstage-plugin-contention-common';
import type { PartyFacts } from '../parties';
import type { StoredResource } from '../../store';
import { endpointOf, type Endpoint, type WholeSeries } from './facts';
import {
  byWeight,
  failureShareOf,
  troublesOf,
  troublesOfNameServer,
} from './troubles';
import { OTHERS, type Who } from './who';

/** Addresses of a row that are named. */
const MAX_ADDRESSES = 8;

/** More rows than this nobody reads: the rest is folded into `others`. */
const MAX_ROWS = 100;

export type WhoIs = (endpoint: Endpoint, from: StoredResource) => Who;

/** A row before it is known who may see whom. */
export type Row<T> = Omit<T, 'party'> & { party?: PartyFacts };

/** Sums by a word. */
class Counts<Word extends string> {
  private readonly byWord = new Map<Word, number>();

  add(word: unknown, count: number): void {
    const key = String(word) as Word;
    this.byWord.set(key, this.of(key) + count);
  }

  fold(other: Counts<Word>): void {
    for (const [word, count] of other.byWord) this.add(word, count);
  }

  of(word: Word): number {
    return this.byWord.get(word) ?? 0;
  }

  get total(): number {
    return [...this.byWord.values()].reduce((a, b) => a + b, 0);
  }

  /** Most first. */
  list(): [word: Word, count: number][] {
    return [...this.byWord]
      .filter(([, count]) => count > 0)
      .sort(([, a], [, b]) => b - a);
  }
}

/** Everything of one peer, added up. */
class Tally {
  readonly requests = emptyHistogram();
  readonly rtt = emptyHistogram();
  readonly connects = emptyHistogram();
  readonly failures = new Counts<ConnectError>();
  readonly segments = new Counts<string>();
  readonly retransmits = new Counts<RetransmitCause>();
  readonly resets = new Counts<string>();
  readonly zeroWindows = new Counts<string>();
  /** How much was said of each address, to name the busiest. */
  private readonly addresses = new Map<
    string,
    { address: string; port?: number; weight: number }
  >();

  constructor(readonly who: Who) {}

  add({ series, value, histogram }: WholeSeries, endpoint: Endpoint): void {
    const { attributes, metric } = series;
    switch (metric) {
      case METRIC.peerRequestDuration:
        mergeInto(this.requests, histogram!);
        break;
      case METRIC.tcpRtt:
        mergeInto(this.rtt, histogram!);
        break;
      case METRIC.tcpConnect:
        mergeInto(this.connects, histogram!);
        break;
      case METRIC.tcpConnectFailures:
        this.failures.add(attributes[ATTRIBUTE.errorType], value);
        break;
      case METRIC.tcpSegments:
        this.segments.add(attributes[ATTRIBUTE.ioDirection], value);
        break;
      case METRIC.tcpRetransmits:
        this.retransmits.add(attributes[ATTRIBUTE.retransmitCause], value);
        break;
      case METRIC.tcpResets:
        this.resets.add(attributes[ATTRIBUTE.ioDirection], value);
        break;
      case METRIC.tcpZeroWindows:
        this.zeroWindows.add(attributes[ATTRIBUTE.ioDirection], value);
        break;
      default:
        return;
    }
    this.addAddress(endpoint, metric === METRIC.tcpSegments ? value : 1);
  }

  /** All that another one has, as one of this who. */
  fold(other: Tally): void {
    mergeInto(this.requests, other.requests);
    mergeInto(this.rtt, other.rtt);
    mergeInto(this.connects, other.connects);
    this.failures.fold(other.failures);
    this.segments.fold(other.segments);
    this.retransmits.fold(other.retransmits);
    this.resets.fold(other.resets);
    this.zeroWindows.fold(other.zeroWindows);
  }

  private addAddress({ address, port }: Endpoint, weight: number): void {
    if (address === undefined) return;
    const key = addressText(address, port);
    const known = this.addresses.get(key) ?? { address, port, weight: 0 };
    known.weight += weight;
    this.addresses.set(key, known);
  }

  row(coveredSeconds: number): Row<Peer> {
    const sent = this.segments.of('transmit');
    const retransmitCount = this.retransmits.total;
    const per = (count: number, unitSeconds: number) =>
      coveredSeconds > 0 ? (count / coveredSeconds) * unitSeconds : undefined;
    const row: Row<Peer> = {
      key: this.who.key,
      kind: this.who.kind,
      party: this.who.party,
      addresses: [...this.addresses.values()]
        .sort((a, b) => b.weight - a.weight)
        .slice(0, MAX_ADDRESSES)
        .map(({ weight: _weight, ...address }) => address),
      addressCount: this.addresses.size,
      requestCount: this.requests.count,
      ratePerSecond: per(this.requests.count, 1),
      p50Seconds: quantileSeconds(this.requests, 0.5),
      p99Seconds: quantileSeconds(this.requests, 0.99),
      rttP50Seconds: quantileSeconds(this.rtt, 0.5),
      rttP99Seconds: quantileSeconds(this.rtt, 0.99),
      segmentsSent: sent,
      segmentsReceived: this.segments.of('receive'),
      retransmitCount,
      // An interval may hold a segment sent again, and not the one that it repeats.
      retransmitShare:
        sent + retransmitCount > 0
          ? retransmitCount / Math.max(sent, retransmitCount)
          : undefined,
      retransmits: this.retransmits
        .list()
        .map(([cause, count]) => ({ cause, count })),
      connectCount: this.connects.count,
      connectP50Seconds: quantileSeconds(this.connects, 0.5),
      connectP99Seconds: quantileSeconds(this.connects, 0.99),
      connectFailureCount: this.failures.total,
      connectFailures: this.failures
        .list()
        .map(([error, count]) => ({ error, count })),
      connectFailuresPerMinute: per(this.failures.total, 60),
      resetsSent: this.resets.of('transmit'),
      resetsReceived: this.resets.of('receive'),
      zeroWindowsSent: this.zeroWindows.of('transmit'),
      zeroWindowsReceived: this.zeroWindows.of('receive'),
      troubles: [],
    };
    return { ...row, troubles: troublesOf(row, coveredSeconds) };
  }
}

/** Peers of one role, worst first, then busiest; what was folded together comes last. */
export function rowsOf(
  series: readonly WholeSeries[],
  role: RequestRole,
  whoIs: WhoIs,
  coveredSeconds: number,
): Row<Peer>[] {
  const tallies = new Map<string, Tally>();
  const tallyOf = (who: Who) => {
    const known = tallies.get(who.key) ?? new Tally(who);
    tallies.set(who.key, known);
    return known;
  };
  for (const item of series) {
    const endpoint = endpointOf(item.series);
    if (endpoint.role !== role) continue;
    tallyOf(whoIs(endpoint, item.resource)).add(item, endpoint);
  }
  const others = tallies.get(OTHERS.key);
  tallies.delete(OTHERS.key);
  const rows = [...tallies.values()]
    .map(tally => ({ tally, row: tally.row(coveredSeconds) }))
    .sort((a, b) => byWeight(a.row, b.row));
  const rest = others ?? new Tally(OTHERS);
  const small = rows.slice(MAX_ROWS);
  for (const { tally } of small) rest.fold(tally);
  const shown = rows.slice(0, MAX_ROWS).map(({ row }) => row);
  if (!others && small.length === 0) return shown;
  const folded = rest.row(coveredSeconds);
  return [
    ...shown,
    {
      ...folded,
      addressCount: small.reduce((sum, { row }) => sum + row.addressCount, 0),
    },
  ];
}

/** Servers of names, worst first, then busiest. */
export function nameServersOf(
  series: readonly WholeSeries[],
  whoIs: WhoIs,
): Row<NameServer>[] {
  const servers = new Map<
    string,
    {
      row: Pick<Row<NameServer>, 'key' | 'kind' | 'party'> & {
        address?: string;
        transport?: string;
      };
      answers: DurationHistogram;
      failures: Counts<DnsError>;
    }
  >();
  for (const { series: of, resource, value, histogram } of series) {
    const isAnswer = of.metric === METRIC.dnsDuration;
    if (!isAnswer && of.metric !== METRIC.dnsFailures) continue;
    const { address } = endpointOf(of);
    const transport = of.attributes[ATTRIBUTE.transport];
    const who = whoIs({ role: 'client', address }, resource);
    const key = [who.key, address, transport].join(' ');
    const known = servers.get(key) ?? {
      row: {
        key: who.party ? who.party.key : key,
        kind: who.kind,
        party: who.party,
        address,
        ...(transport === undefined ? {} : { transport: String(transport) }),
      },
      answers: emptyHistogram(),
      failures: new Counts<DnsError>(),
    };
    servers.set(key, known);
    if (isAnswer) mergeInto(known.answers, histogram!);
    else known.failures.add(of.attributes[ATTRIBUTE.errorType], value);
  }
  return [...servers.values()]
    .map(({ row, answers, failures }) => {
      const failureCount = failures.total - failures.of('name_error');
      const built: Row<NameServer> = {
        ...row,
        answerCount: answers.count,
        p50Seconds: quantileSeconds(answers, 0.5),
        p99Seconds: quantileSeconds(answers, 0.99),
        failureCount,
        failureShare: failureShareOf(
          answers.count,
          failures.of('timeout'),
          failureCount,
        ),
        failures: failures.list().map(([error, count]) => ({ error, count })),
        troubles: [],
      };
      return { ...built, troubles: troublesOfNameServer(built) };
    })
    .sort(
      (a, b) =>
        b.troubles.length - a.troubles.length || b.answerCount - a.answerCount,
    );
}
