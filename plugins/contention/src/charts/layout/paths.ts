/** Straight lines as the text of an SVG path, to a tenth of a pixel. All that charts over time need of a shape. Pure. */

export type Corner = readonly [x: number, y: number];

/** From corner to corner; nothing for none. */
export function linePath(corners: readonly Corner[]): string {
  return corners.length === 0 ? '' : `M${corners.map(text).join('L')}`;
}

/** Between two lines, in the same direction both. */
export function areaPath(
  upper: readonly Corner[],
  lower: readonly Corner[],
): string {
  const outline = [...upper, ...[...lower].reverse()];
  return outline.length === 0 ? '' : `${linePath(outline)}Z`;
}

function text([x, y]: Corner): string {
  return `${tenth(x)},${tenth(y)}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
