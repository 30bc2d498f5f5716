/**
 * A record as one picture, for a ticket: the sentence, waiting over time stacked by culprit (of CPU or network: what was the
 * matter), the ranking, how sure. Plain
 * shapes and text only: no style sheet, script, link or reference to anything outside. Pure.
 */
import {
  printable,
  type Culprit,
  type Evidence,
  type Layer,
  type NeighboursReport,
  type Relation,
} from 'backstage-plugin-contention-common';
import { bandwidth, duration, percent, plain, teamOf } from '../reports/words';
import { mainReport } from './main';
import { moment, span } from './moments';
import { datedText } from './redact';
import { clipped, xml } from './text';
import { fitted, wrappedLines } from './textWidth';

const WIDTH = 960;
const MARGIN = 32;
const INNER = WIDTH - 2 * MARGIN;
const CHART_HEIGHT = 190;
const ROW = 26;
const MAX_ROWS = 8;
const SENTENCE = { size: 15, gap: 22 };
const MAX_SENTENCE_LINES = 6;
const MAX_TITLE_LINES = 2;

const INK = '#1f2733';
const FAINT = '#5b6675';
const RULE = '#d5dae1';

/** As in the light theme of the portal: neighbours are a family of reds, what is no neighbour has one colour each. */
const REDS = [
  '#c9252d',
  '#f0625d',
  '#8f1d3f',
  '#e0508c',
  '#b5391c',
  '#7d2a2a',
  '#e06c3b',
  '#a81e6b',
];
const APART: Partial<Record<Relation, string>> = {
  limit: '#2470d8',
  sidecar: '#8250c4',
  self: '#c77d00',
  host: '#86705f',
  idle: '#7f8994',
  other: '#a87c7c',
  unknown: '#868d96',
};

/** Of whom the time line holds together with others. */
const FOLDED = REDS[REDS.length - 1];

interface TextStyle {
  size: number;
  weight?: number;
  fill?: string;
  gap: number;
}

/** Writes from the top down. */
class Page {
  y = MARGIN;
  private readonly shapes: string[] = [];

  add(shape: string): void {
    this.shapes.push(shape);
  }

  space(pixels: number): void {
    this.y += pixels;
  }

  /** One line over the whole width. */
  text(text: string, { gap, ...style }: TextStyle): void {
    this.y += gap;
    this.add(textAt(MARGIN, this.y, text, { ...style, room: INNER }));
  }

  /** As many lines as it takes, up to so many. */
  paragraph(text: string, style: TextStyle, most: number): void {
    const lines = wrappedLines(printable(text), style, INNER);
    const shown =
      lines.length <= most
        ? lines
        : // What is left is more than fits: an ellipsis.
          [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')];
    for (const line of shown) this.text(line, style);
  }

  /** @param description - what somebody hears who cannot see the picture */
  build(description: string): string {
    const height = Math.ceil(this.y + MARGIN);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="Helvetica, Arial, sans-serif">`,
      `<title>${xml(clipped(description, 600))}</title>`,
      `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
      ...this.shapes,
      '</svg>',
      '',
    ].join('\n');
  }
}

interface LineStyle {
  size: number;
  /** Pixels; what is longer is cut short. */
  room: number;
  weight?: number;
  fill?: string;
  anchor?: 'start' | 'end';
}

function textAt(
  x: number,
  y: number,
  text: string,
  { size, room, weight = 400, fill = INK, anchor = 'start' }: LineStyle,
): string {
  const shown = fitted(printable(text), { size, weight }, room);
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${xml(shown)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function coloured(report: NeighboursReport) {
  return [
    ...report.layers.map((layer, index) => ({
      layer,
      colour: REDS[index % REDS.length],
    })),
    ...report.layersApart.map(layer => ({
      layer,
      colour: APART[layer.relation] ?? FAINT,
    })),
  ].filter(({ layer }) => layer.values.some(value => (value ?? 0) > 0));
}

/** What the picture calls what was waited for. */
const WORDS = {
  cpu: {
    timeline: 'Waiting for a CPU, seconds per second, by who ran',
    nothing: 'Nothing waited.',
    ranking: 'Ran while it waited',
    unknown: 'of the waiting',
  },
  network: {
    timeline:
      'Its packets that stood in queues at once, on average, by whose packets left',
    nothing: 'No packet stood in a queue.',
    ranking: 'Its packets stood behind those of',
    unknown: 'of the time in queues',
  },
} as const;

/** Seconds of waiting per second, or packets: neighbours first, everything else on top of them; gaps stay gaps. */
function timeline(page: Page, report: NeighboursReport): void {
  const { startsMs, stepSeconds } = report.axis;
  const layers = coloured(report);
  const words = WORDS[report.resource];
  const height = report.resource === 'cpu' ? duration : plain;
  page.text(words.timeline, { size: 13, weight: 600, gap: 22 });
  if (startsMs.length === 0 || layers.length === 0) {
    page.text(words.nothing, { size: 13, fill: FAINT, gap: 22 });
    return;
  }
  const left = MARGIN + 52;
  const width = WIDTH - MARGIN - left;
  const top = page.y + 14;
  const bottom = top + CHART_HEIGHT;
  const total = (window: number) =>
    layers.reduce((sum, { layer }) => sum + (layer.values[window] ?? 0), 0);
  const highest = Math.max(...startsMs.map((_, window) => total(window)));
  const x = (window: number) => left + (width * window) / startsMs.length;
  const y = (value: number) => bottom - (CHART_HEIGHT * value) / highest;
  for (const share of [0, 0.5, 1]) {
    const at = round(y(share * highest));
    page.add(
      `<line x1="${left}" x2="${left + width}" y1="${at}" y2="${at}" stroke="${RULE}"/>`,
    );
    page.add(
      textAt(left - 8, at + 4, share === 0 ? '0' : height(share * highest), {
        size: 11,
        room: left - 8 - MARGIN,
        fill: FAINT,
        anchor: 'end',
      }),
    );
  }
  const floor = startsMs.map(() => 0);
  for (const { layer, colour } of layers) {
    const path = areaOf(layer, floor, x, y);
    page.add(`<path d="${path}" fill="${colour}"/>`);
  }
  const endMs = startsMs[startsMs.length - 1] + stepSeconds * 1000;
  const label = bottom + 16;
  const small = { size: 11, room: width / 2, fill: FAINT };
  page.add(textAt(left, label, moment(startsMs[0]), small));
  page.add(
    textAt(left + width, label, moment(endMs), { ...small, anchor: 'end' }),
  );
  page.y = label;
  legend(page, layers);
}

/** Steps, as windows are; adds the layer to the floor that the next one stands on. */
function areaOf(
  { values }: Layer,
  floor: number[],
  x: (window: number) => number,
  y: (value: number) => number,
): string {
  const path: string[] = [];
  values.forEach((value, window) => {
    if (value === null || value === 0 || floor[window] === undefined) return;
    const under = floor[window];
    floor[window] += value;
    const [left, right] = [round(x(window)), round(x(window + 1))];
    path.push(
      `M${left} ${round(y(under))}H${right}V${round(y(floor[window]))}H${left}Z`,
    );
  });
  return path.join('');
}

function legend(page: Page, layers: { layer: Layer; colour: string }[]): void {
  const columns = 3;
  const width = INNER / columns;
  layers.forEach(({ layer, colour }, index) => {
    if (index % columns === 0) page.y += 22;
    const left = MARGIN + (index % columns) * width;
    page.add(
      `<rect x="${round(left)}" y="${round(page.y - 10)}" width="12" height="12" fill="${colour}"/>`,
    );
    page.add(
      textAt(left + 18, page.y, layer.label, { size: 12, room: width - 30 }),
    );
  });
}

function ranking(page: Page, report: NeighboursReport): void {
  const { culprits } = report;
  if (culprits.length === 0) return;
  page.space(18);
  page.text(WORDS[report.resource].ranking, {
    size: 13,
    weight: 600,
    gap: 18,
  });
  const largest = culprits[0].share || 1;
  const colours = new Map(
    coloured(report).map(({ layer, colour }) => [layer.key, colour]),
  );
  const left = MARGIN + 380;
  // Of packets there is more to say beside a bar.
  const width = report.resource === 'cpu' ? 300 : 220;
  for (const culprit of culprits.slice(0, MAX_ROWS)) {
    const { party, share } = culprit;
    page.y += ROW;
    const owners = party.entities
      .flatMap(({ owner }) => (owner ? [teamOf(owner.title)] : []))
      .join(', ');
    const who = owners ? `${party.name} (${owners})` : party.name;
    page.add(
      textAt(MARGIN, page.y, who, { size: 13, room: left - MARGIN - 12 }),
    );
    page.add(
      `<rect x="${left}" y="${page.y - 12}" width="${round(Math.max(1, (width * share) / largest))}" height="14" fill="${colours.get(party.key) ?? FOLDED}"/>`,
    );
    page.add(
      textAt(left + width + 10, page.y, figuresOf(report, culprit), {
        size: 12,
        room: WIDTH - MARGIN - (left + width + 10),
      }),
    );
  }
}

const FITS: Record<Culprit['entitlement'], string> = {
  within: ', within its request',
  over: ', over its request',
  unknown: '',
};

/** `78 %, 41 s, within its request`, or `82 %, 11 ms a packet, sent 9.6 Mbit/s`. */
function figuresOf(
  { resource }: NeighboursReport,
  { share, waitSeconds, entitlement, delaySeconds, transmitMean }: Culprit,
): string {
  if (resource === 'cpu') {
    return `${percent(share)}, ${duration(waitSeconds)}${FITS[entitlement]}`;
  }
  const delay =
    delaySeconds === undefined ? '' : `, ${duration(delaySeconds)} a packet`;
  const sent =
    transmitMean === undefined ? '' : `, sent ${bandwidth(transmitMean)}`;
  return `${percent(share)}${delay}${sent}`;
}

function requestLine(page: Page, { reports }: Evidence): void {
  const { requests } = reports.latency.server;
  const { count, p50Seconds, p99Seconds } = requests.distribution;
  if (count === 0 || p50Seconds === undefined || p99Seconds === undefined) {
    return;
  }
  page.space(16);
  page.text(
    `${count} requests: median ${duration(p50Seconds)}, p99 ${duration(p99Seconds)}`,
    { size: 13, weight: 600, gap: 18 },
  );
  if (requests.anatomy.sentence) {
    page.paragraph(
      datedText(requests.anatomy.sentence),
      SENTENCE,
      MAX_SENTENCE_LINES,
    );
  }
}

function footer(page: Page, evidence: Evidence): void {
  const { confidence, resource } = mainReport(evidence);
  const unknown =
    confidence.unattributedShare === undefined
      ? ''
      : ` ${percent(confidence.unattributedShare)} ${WORDS[resource].unknown} could not be attributed.`;
  const small = { size: 11, fill: FAINT, gap: 16 };
  page.space(20);
  page.add(
    `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${page.y}" y2="${page.y}" stroke="${RULE}"/>`,
  );
  page.space(4);
  page.text(
    `Method: ${confidence.method}. ${confidence.lostEvents} events lost.${unknown}${evidence.redacted ? ' Names that you may not see are left out.' : ''}${evidence.replies.length ? ` ${evidence.replies.length} ${evidence.replies.length === 1 ? 'reply' : 'replies'}.` : ''}`,
    small,
  );
  page.text(
    `Frozen ${moment(evidence.createdAt)}, evidence ${evidence.id}`,
    small,
  );
  page.text(`SHA-256 ${evidence.hash}`, small);
}

export function evidenceSvg(evidence: Evidence): string {
  const { reports, range, entity } = evidence;
  const page = new Page();
  page.paragraph(
    evidence.title,
    { size: 22, weight: 600, gap: 30 },
    MAX_TITLE_LINES,
  );
  const owner = entity.owner ? ` (${teamOf(entity.owner.title)})` : '';
  page.text(
    `${clipped(entity.title, 60)}${clipped(owner, 40)}, ${span(range.from, range.to)}${evidence.cluster ? `, cluster ${evidence.cluster}` : ''}`,
    { size: 13, fill: FAINT, gap: 22 },
  );
  if (evidence.integrity.state === 'altered') {
    page.text('ALTERED: this is not what was frozen', {
      size: 15,
      weight: 700,
      fill: '#b3261e',
      gap: 24,
    });
  }
  page.space(8);
  const { sentence } = reports.diagnosis.verdict;
  page.paragraph(datedText(sentence), SENTENCE, MAX_SENTENCE_LINES);
  page.space(14);
  const main = mainReport(evidence);
  timeline(page, main);
  ranking(page, main);
  requestLine(page, evidence);
  footer(page, evidence);
  return page.build(`${evidence.title}: ${datedText(sentence)}`);
}
