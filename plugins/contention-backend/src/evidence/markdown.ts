/** A record as Markdown, for a ticket: the sentences, then the figures, then how sure, then the replies. Pure. */
import type {
  Culprit,
  EntityLink,
  Evidence,
  LatencyReport,
} from 'backstage-plugin-contention-common';
import { asNotes } from '../reports/network/visible';
import { bandwidth, cpus, duration, percent, teamOf } from '../reports/words';
import { mainReport } from './main';
import { moment, span } from './moments';
import { datedText } from './redact';
import { clipped, markdown, markdownLink, printableLines } from './text';

const MAX_ROWS = 10;
const MAX_NAME = 120;

export function evidenceMarkdown(evidence: Evidence): string {
  const { reports, range } = evidence;
  return [
    `# ${name(evidence.title, 200)}`,
    '',
    `What was measured of ${withOwner(evidence.entity)}, ${span(range.from, range.to)}${evidence.cluster ? ` in the cluster ${name(evidence.cluster)}` : ''}, frozen at ${moment(evidence.createdAt)} ${byWhom(evidence)}.`,
    ...(evidence.incidentUrl
      ? ['', `Incident: ${markdownLink(evidence.incidentUrl)}`]
      : []),
    ...warnings(evidence),
    ...(evidence.note ? ['', ...quoted(evidence.note)] : []),
    '',
    '## What was wrong',
    '',
    ...[
      ['All in all', reports.diagnosis],
      ['Latency', reports.latency.server],
      ['Throttling', reports.throttling],
      ['Noisy neighbours', reports.neighbours.suffered],
      ['Caused', reports.neighbours.caused],
      ...(reports.neighbours.network
        ? [
            ['Queues of the network', reports.neighbours.network.suffered],
            ['Caused there', reports.neighbours.network.caused],
          ]
        : []),
    ].map(([title, report]) => {
      const { verdict } = report as typeof reports.diagnosis;
      return `* **${title}**: ${markdown(datedText(verdict.sentence))}`;
    }),
    ...ranked(evidence),
    ...quotas(evidence),
    ...requests('Requests that it got', reports.latency.server),
    ...requests('Requests that it sent', reports.latency.client),
    ...howSure(evidence),
    ...replies(evidence),
    '',
    '---',
    '',
    `Evidence ${evidence.id}, SHA-256 ${evidence.hash}, by ${name(evidence.software.name)} ${name(evidence.software.version)}.`,
    '',
  ].join('\n');
}

function name(text: string, characters = MAX_NAME): string {
  return markdown(clipped(text, characters));
}

function withOwner({ title, owner }: EntityLink): string {
  return owner
    ? `**${name(title)}** (${name(teamOf(owner.title))})`
    : `**${name(title)}**`;
}

const ORIGIN: Record<Evidence['origin'], string> = {
  manual: 'by',
  link: 'automatically, as a link to it was opened by',
  webhook: 'automatically, on an alert of',
};

function byWhom({ origin, createdBy }: Evidence): string {
  return `${ORIGIN[origin]} ${name(createdBy.title)}`;
}

function warnings({ integrity, redacted, entityExists }: Evidence): string[] {
  return [
    ...(integrity.state === 'altered'
      ? integrity.problems.map(problem => `**Altered**: ${markdown(problem)}`)
      : []),
    ...(redacted
      ? ['Names that you may not see are left out: the hash is not of this.']
      : []),
    ...(entityExists ? [] : ['The entity has left the catalog since.']),
  ].flatMap(line => ['', `> ${line}`]);
}

function quoted(text: string): string[] {
  return printableLines(text).map(line =>
    `> ${markdown(line.trimEnd())}`.trimEnd(),
  );
}

function table(header: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}

/** Of CPU and network, what was the matter comes first. */
function ranked(evidence: Evidence): string[] {
  const { suffered, caused, network } = evidence.reports.neighbours;
  const cpu = [
    ...culprits('Who ran while it waited', suffered.culprits),
    ...culprits('Who waited while it ran', caused.culprits),
  ];
  const queues = [
    ...senders(
      'Behind whose packets its own stood',
      network?.suffered.culprits ?? [],
    ),
    ...senders(
      'Whose packets stood behind its own',
      network?.caused.culprits ?? [],
    ),
  ];
  return mainReport(evidence).resource === 'network'
    ? [...queues, ...cpu]
    : [...cpu, ...queues];
}

const ENTITLEMENT: Record<Culprit['entitlement'], string> = {
  within: 'within what it asked for',
  over: 'over what it asked for',
  unknown: 'not known',
};

function culprits(title: string, rows: readonly Culprit[]): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    `## ${title}`,
    '',
    ...table(
      [
        'Who',
        'Owner',
        'Waiting',
        'Share',
        'From',
        'To',
        'Nodes',
        'CPU request',
      ],
      rows
        .slice(0, MAX_ROWS)
        .map(row => [
          name(row.party.name),
          ownersOf(row),
          duration(row.waitSeconds),
          percent(row.share),
          moment(row.firstSeen),
          moment(row.lastSeen),
          name(row.nodes.map(({ node }) => node).join(', ')),
          ENTITLEMENT[row.entitlement],
        ]),
    ),
    ...more(rows.length),
  ];
}

/** As `culprits`, of packets: what they add to the mean delay, and what they sent. */
function senders(title: string, rows: readonly Culprit[]): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    `## ${title}`,
    '',
    ...table(
      [
        'Who',
        'Owner',
        'Delay a packet',
        'Share',
        'From',
        'To',
        'Nodes',
        'Devices',
        'Sent on average',
      ],
      rows
        .slice(0, MAX_ROWS)
        .map(row => [
          name(row.party.name),
          ownersOf(row),
          row.delaySeconds === undefined
            ? '\u2013'
            : duration(row.delaySeconds),
          percent(row.share),
          moment(row.firstSeen),
          moment(row.lastSeen),
          name(row.nodes.map(({ node }) => node).join(', ')),
          name(row.interfaces?.join(', ') || '\u2013'),
          row.transmitMean === undefined
            ? '\u2013'
            : bandwidth(row.transmitMean),
        ]),
    ),
    ...more(rows.length),
  ];
}

function ownersOf({ party }: Culprit): string {
  return name(
    party.entities.flatMap(({ owner }) => owner?.title ?? []).join(', ') ||
      '\u2013',
  );
}

function more(count: number): string[] {
  return count > MAX_ROWS ? ['', `And ${count - MAX_ROWS} more.`] : [];
}

function quotas({ reports }: Evidence): string[] {
  const stopped = reports.throttling.quotas.filter(
    ({ throttledPeriods }) => throttledPeriods > 0,
  );
  if (stopped.length === 0) return [];
  return [
    '',
    '## CPU limits that stopped it',
    '',
    ...table(
      ['Limit of', 'Level', 'CPUs', 'Used', 'Periods stopped', 'Time stopped'],
      stopped
        .slice(0, MAX_ROWS)
        .map(quota => [
          name(quota.subject),
          quota.level,
          quota.limitCpus === undefined ? '\u2013' : cpus(quota.limitCpus),
          quota.usedCpus === undefined ? '\u2013' : cpus(quota.usedCpus),
          `${quota.throttledPeriods} of ${quota.periods}`,
          duration(quota.throttledSeconds),
        ]),
    ),
    ...more(stopped.length),
  ];
}

function requests(title: string, { requests: of }: LatencyReport): string[] {
  const presence = of.roles[of.role];
  if (presence.state !== 'measured') return [];
  const { distribution: d } = of;
  const figure = (seconds: number | undefined) =>
    seconds === undefined ? '\u2013' : duration(seconds);
  return [
    '',
    `## ${title}`,
    '',
    `${d.count} requests: median ${figure(d.p50Seconds)}, p90 ${figure(d.p90Seconds)}, p99 ${figure(d.p99Seconds)}, slowest ${figure(d.longestSeconds)}.`,
    ...(of.anatomy.sentence
      ? ['', markdown(datedText(of.anatomy.sentence))]
      : []),
    ...(of.worst.length === 0
      ? []
      : [
          '',
          ...table(
            ['Worst requests', 'Took', 'Pod', 'Made of'],
            of.worst
              .slice(0, MAX_ROWS)
              .map(({ at, durationSeconds, workload, parts, estimated }) => [
                moment(at),
                `${duration(durationSeconds)}${estimated ? ' (estimated)' : ''}`,
                name(workload.pod ?? workload.container ?? '\u2013'),
                parts
                  .slice(0, 3)
                  .map(({ share, part, label, party }) =>
                    party?.relation === 'neighbour'
                      ? `${percent(share)} ${part === 'queue' ? 'network: queued behind' : 'waiting for'} ${name(party.name)}`
                      : `${percent(share)} ${markdown(label)}`,
                  )
                  .join(', '),
              ]),
          ),
        ]),
  ];
}

function howSure({ reports }: Evidence): string[] {
  const { suffered, network } = reports.neighbours;
  const { confidence, problems, axis } = suffered;
  const queues = network?.suffered;
  const lines = [
    `Measured exactly, in windows of ${duration(axis.stepSeconds)}.`,
    ...(confidence.unattributedShare === undefined
      ? []
      : [
          `${percent(confidence.unattributedShare)} of the waiting could not be attributed.`,
        ]),
    ...(queues?.confidence.unattributedShare === undefined
      ? []
      : [
          `${percent(queues.confidence.unattributedShare)} of the time in queues could not be attributed.`,
        ]),
    ...confidence.losses.map(({ text }) => text),
    // What is missing of the network, and what is missing anyhow, each once.
    ...new Set([
      ...confidence.missing,
      ...(queues?.confidence.missing ?? []),
      ...confidence.notes,
      ...(queues?.confidence.notes ?? []),
      ...asNotes(queues?.network?.notMeasured ?? []),
    ]),
    ...problems.map(({ what, detail }) => `${what}: ${detail}`),
  ];
  const [first, ...rest] = lines.map(markdown);
  const method = {
    exact: first,
    ledger: first.replace('Measured exactly', "From the kernel's ledger"),
    estimated: first.replace('Measured exactly', 'Estimated'),
  }[confidence.method];
  return [
    '',
    '## How sure this is',
    '',
    ...[method, ...rest].map(line => `* ${line}`),
  ];
}

function replies({ replies: all }: Evidence): string[] {
  if (all.length === 0) return [];
  return [
    '',
    '## Replies',
    ...all.flatMap(({ at, by, onBehalfOf, text, hash }) => [
      '',
      `${name(by.title)} for ${withOwner(onBehalfOf)}, ${moment(at)} (SHA-256 ${hash.slice(0, 12)}):`,
      '',
      ...quoted(text),
    ]),
  ];
}
