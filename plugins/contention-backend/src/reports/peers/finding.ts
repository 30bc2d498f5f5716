/** The sentence of the section: what stands out about peers, worst first; nothing where nothing does. Pure. */
import {
  addressText,
  type ConnectError,
  type DnsError,
  type NameServer,
  type Peer,
  type PeersReport,
  type PeerSide,
  type PeerTrouble,
  type RetransmitCause,
  type Sentence,
} from 'backstage-plugin-contention-common';
import { sayParty } from '../present';
import { SentenceBuilder, textOf } from '../sentence';
import { percent, plain } from '../words';

type Account = Pick<
  PeersReport,
  'upstreams' | 'downstreams' | 'nameServers' | 'listenOverflows'
>;

interface Point {
  isSerious: boolean;
  say(sentence: SentenceBuilder): void;
}

/** More than this is a list, which is below. */
const MAX_POINTS = 3;

const AGAIN: Record<RetransmitCause, string> = {
  timeout: ' (by time-out)',
  fast: ' (after gaps)',
  probe: ' (by probes)',
  syn: ' (requests to connect without an answer)',
};

/** @param isLive - the range reaches now: what is told goes on */
export function findingOf(
  account: Account,
  { isLive, nowMs }: { isLive: boolean; nowMs: number },
): PeersReport['finding'] {
  const points = [
    ...overflowPoints(account.listenOverflows),
    ...pointsOfSide(account.upstreams, 'upstream', isLive),
    ...pointsOfSide(account.downstreams, 'downstream', isLive),
    ...account.nameServers.flatMap(server => lookupPoints(server, isLive)),
  ].sort((a, b) => Number(b.isSerious) - Number(a.isSerious));
  if (points.length === 0) return undefined;
  const sentence = new SentenceBuilder(nowMs);
  points.slice(0, MAX_POINTS).forEach((point, index) => {
    if (index > 0) sentence.text('; ');
    point.say(sentence);
  });
  const more = points.length - MAX_POINTS;
  sentence.text(more > 0 ? `; ${more} more below.` : '.');
  return {
    severity: points[0].isSerious ? 'serious' : 'notice',
    sentence: capitalised(sentence.build(), nowMs),
  };
}

/** A point may come first or not: it begins with a small letter. */
function capitalised({ parts }: Sentence, nowMs: number): Sentence {
  const [first, ...rest] = parts;
  if (first.type !== 'text') return { parts, text: textOf(parts, nowMs) };
  const text = first.text.charAt(0).toUpperCase() + first.text.slice(1);
  const capital = [{ ...first, text }, ...rest];
  return { parts: capital, text: textOf(capital, nowMs) };
}

function pointsOfSide(
  peers: readonly Peer[],
  side: PeerSide,
  isLive: boolean,
): Point[] {
  return peers.flatMap(peer =>
    peer.troubles.map(trouble => ({
      isSerious: trouble.severity === 'serious',
      say: sentence => sayTrouble(sentence, peer, trouble, side, isLive),
    })),
  );
}

function sayTrouble(
  sentence: SentenceBuilder,
  peer: Peer,
  { kind }: PeerTrouble,
  side: PeerSide,
  isLive: boolean,
): void {
  const are = isLive ? 'are' : 'were';
  switch (kind) {
    case 'loss': {
      const [first] = peer.retransmits;
      sentence
        .strong(percent(peer.retransmitShare ?? 0))
        .text(' of segments to ');
      sayPeer(sentence, peer);
      sentence.text(` ${are} sent again${first ? AGAIN[first.cause] : ''}`);
      break;
    }
    case 'failures': {
      const [first] = peer.connectFailures;
      sentence.text(`connections ${side === 'upstream' ? 'to' : 'from'} `);
      sayPeer(sentence, peer);
      sentence.text(` ${failing(first?.error ?? 'other', isLive)} `);
      sayRate(
        sentence,
        peer.connectFailureCount,
        peer.connectFailuresPerMinute,
      );
      break;
    }
    default:
      sayPeer(sentence, peer);
      sentence
        .text(
          ` ${isLive ? 'does' : 'did'} not read what it ${isLive ? 'is' : 'was'} sent: its window closed `,
        )
        .strong(times(peer.zeroWindowsReceived));
  }
}

function failing(error: ConnectError, isLive: boolean): string {
  switch (error) {
    case 'refused':
      return isLive ? 'are refused' : 'were refused';
    case 'timeout':
      return isLive ? 'get no answer' : 'got no answer';
    case 'unreachable':
      return isLive ? 'find no way there' : 'found no way there';
    default:
      return isLive ? 'fail' : 'failed';
  }
}

function sayPeer(
  sentence: SentenceBuilder,
  {
    kind,
    party,
    addresses: [first],
  }: Pick<Peer, 'kind' | 'party' | 'addresses'>,
): void {
  if (party) sayParty(sentence, party);
  else if (kind === 'own-pod') sentence.text('a container of its own pod');
  else if (first) sentence.name(addressText(first.address, first.port));
  else sentence.text('other addresses');
}

function sayRate(
  sentence: SentenceBuilder,
  count: number,
  perMinute: number | undefined,
): void {
  if (perMinute === undefined || perMinute < 1) {
    sentence.strong(times(count)).text(' in this range');
    return;
  }
  sentence.strong(times(perMinute)).text(' a minute');
}

function times(count: number): string {
  const text = plain(count);
  return text === '1' ? 'once' : `${text} times`;
}

const LOOKUPS: Record<DnsError, string> = {
  timeout: 'get no answer',
  server_failure: 'fail at the server',
  refused: 'are refused',
  name_error: 'name nobody',
  other: 'fail',
};

function lookupPoints(server: NameServer, isLive: boolean): Point[] {
  return server.troubles.map(({ severity }) => ({
    isSerious: severity === 'serious',
    say: sentence => {
      const first = server.failures.find(({ error }) => error !== 'name_error');
      sentence
        .strong(percent(server.failureShare ?? 0))
        .text(' of look-ups of names at ');
      sayPeer(sentence, {
        ...server,
        addresses: server.address ? [{ address: server.address }] : [],
      });
      const doing = LOOKUPS[first?.error ?? 'other'];
      sentence.text(isLive ? ` ${doing}` : ' got no good answer');
    },
  }));
}

function overflowPoints(overflows: Account['listenOverflows']): Point[] {
  return overflows.map(({ port, count, perMinute }) => ({
    isSerious: true,
    say: sentence => {
      sentence.text(
        port === undefined
          ? 'it turned connections away '
          : `it turned connections to its port ${port} away `,
      );
      sayRate(sentence, count, perMinute);
      sentence.text(', as its queue was full');
    },
  }));
}
