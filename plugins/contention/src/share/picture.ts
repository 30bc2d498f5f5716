/**
 * A PNG of a sentence and the first chart below it, as they are on the screen: what is drawn there is painted again, with the
 * browser's own means. Words are painted as words, so nothing in them is markup.
 */
import { plainLine } from 'backstage-plugin-contention-common';
import { wrapped } from './wrapped';

export interface PictureWords {
  /** Above: of whom and when. */
  caption: string;
  sentence: string;
  /** Below: where it is from. */
  source: string;
}

export interface PictureColours {
  background: string;
  text: string;
  quiet: string;
  /** Of the verdict. */
  accent: string;
}

/** What marks a chart with its legends on the page, and a chart in it. */
const CHART = 'data-contention-chart';
const LEGEND = 'data-contention-legend';

const PADDING = 24;
const LEAST_WIDTH = 640;
/** Sharp on every screen. */
const SCALE = 2;
const FONT = '"Helvetica Neue", Helvetica, Roboto, Arial, sans-serif';

interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @throws Error where the browser has no canvas, or there is too little memory for one */
export async function pictureOf(
  page: HTMLElement,
  words: PictureWords,
  colours: PictureColours,
): Promise<Blob> {
  const chart = page.querySelector<HTMLElement>(`[${CHART}]`);
  const parts = chart ? [chart, ...legendsOf(page, chart)] : [];
  const area = unionOf(parts.map(part => part.getBoundingClientRect()));
  const inner = Math.max(LEAST_WIDTH, area.right - area.left);
  const canvas = document.createElement('canvas');
  const paint = canvas.getContext('2d');
  if (!paint) throw new Error('this browser cannot draw');

  paint.font = `400 20px ${FONT}`;
  const lines = wrapped(
    plainLine(words.sentence),
    inner - PADDING,
    text => paint.measureText(text).width,
  );
  const chartTop = PADDING + 24 + lines.length * 28 + 20;
  const height = chartTop + (area.bottom - area.top) + 20 + 16 + PADDING;
  canvas.width = (inner + 2 * PADDING) * SCALE;
  canvas.height = height * SCALE;
  paint.scale(SCALE, SCALE);
  paint.textBaseline = 'alphabetic';

  paint.fillStyle = colours.background;
  paint.fillRect(0, 0, inner + 2 * PADDING, height);
  paint.fillStyle = colours.accent;
  paint.fillRect(0, 0, 6, height);
  line(paint, words.caption, PADDING, PADDING + 12, 13, colours.quiet, inner);
  lines.forEach((text, index) =>
    line(paint, text, PADDING, PADDING + 44 + index * 28, 20, colours.text),
  );
  line(
    paint,
    words.source,
    PADDING,
    height - PADDING,
    12,
    colours.quiet,
    inner,
  );

  const at = (rect: Rect) => ({
    x: PADDING + rect.left - area.left,
    y: chartTop + rect.top - area.top,
  });
  for (const part of parts) await paintPart(paint, part, at);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      blob =>
        blob ? resolve(blob) : reject(new Error('the picture is too large')),
      'image/png',
    ),
  );
}

/** The legends between this chart and the next one. */
function legendsOf(page: HTMLElement, chart: HTMLElement): HTMLElement[] {
  const marked = [
    ...page.querySelectorAll<HTMLElement>(`[${CHART}], [${LEGEND}]`),
  ];
  const after = marked.slice(marked.indexOf(chart) + 1);
  const next = after.findIndex(element => element.hasAttribute(CHART));
  return (next < 0 ? after : after.slice(0, next)).filter(
    element => element.getClientRects().length > 0,
  );
}

function unionOf(rects: readonly DOMRect[]): Rect {
  if (rects.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  return {
    left: Math.min(...rects.map(rect => rect.left)),
    top: Math.min(...rects.map(rect => rect.top)),
    right: Math.max(...rects.map(rect => rect.right)),
    bottom: Math.max(...rects.map(rect => rect.bottom)),
  };
}

function line(
  paint: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  maxWidth?: number,
) {
  paint.font = `400 ${size}px ${FONT}`;
  paint.fillStyle = colour;
  paint.fillText(plainLine(text), x, y, maxWidth);
}

type Place = (rect: Rect) => { x: number; y: number };

/** Canvases, drawings, coloured squares and words of a part, in the order of the page. */
async function paintPart(
  paint: CanvasRenderingContext2D,
  part: HTMLElement,
  at: Place,
): Promise<void> {
  const isChart = part.hasAttribute(CHART);
  for (const element of part.querySelectorAll('canvas, svg, span')) {
    const rect = element.getBoundingClientRect();
    if (rect.width === 0 || rect.height === 0) continue;
    const { x, y } = at(rect);
    if (element instanceof HTMLCanvasElement) {
      paint.drawImage(element, x, y, rect.width, rect.height);
    } else if (element instanceof SVGSVGElement) {
      // In a chart, what is on top of the drawing is for the pointer.
      if (isChart && element.getAttribute('role') !== 'img') continue;
      const image = await imageOf(element, rect.width, rect.height);
      paint.drawImage(image, x, y, rect.width, rect.height);
    } else if (!isChart && element instanceof HTMLElement) {
      paintSpan(paint, element, x, y, rect);
    }
  }
}

function paintSpan(
  paint: CanvasRenderingContext2D,
  span: HTMLElement,
  x: number,
  y: number,
  { width, height }: DOMRect,
) {
  const style = getComputedStyle(span);
  const [colour] = /rgba?\([^)]*\)/.exec(style.backgroundImage) ?? [
    style.backgroundColor,
  ];
  const isHatched = style.backgroundImage !== 'none';
  paint.save();
  paint.beginPath();
  paint.rect(x, y, width, height);
  paint.clip();
  if (span.textContent === '') {
    paint.globalAlpha = isHatched ? 0.35 : 1;
    paint.fillStyle = colour;
    paint.fillRect(x, y, width, height);
    if (isHatched) {
      paint.globalAlpha = 1;
      paint.strokeStyle = colour;
      paint.lineWidth = 2;
      for (let offset = -height; offset < width; offset += 5) {
        paint.beginPath();
        paint.moveTo(x + offset, y + height);
        paint.lineTo(x + offset + height, y);
        paint.stroke();
      }
    }
  } else {
    paint.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    paint.fillStyle = style.color;
    paint.textBaseline = 'middle';
    paint.fillText(plainLine(span.textContent ?? ''), x, y + height / 2);
  }
  paint.restore();
}

/** What a drawing takes from the style sheets of the page, which an image of its own does not have. */
const STYLED = [
  'fill',
  'fill-opacity',
  'fill-rule',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'paint-order',
  'visibility',
  'display',
];

async function imageOf(
  drawing: SVGSVGElement,
  width: number,
  height: number,
): Promise<HTMLImageElement> {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    const values = STYLED.map(
      name => `${name}:${style.getPropertyValue(name)}`,
    ).join(';');
    element.setAttribute('style', values);
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  // Labels may stand out of the drawing's own box.
  copy.style.overflow = 'visible';
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
    new XMLSerializer().serializeToString(copy),
  )}`;
  await image.decode();
  return image;
}
