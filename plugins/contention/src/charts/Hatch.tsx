/** Hatching: the sign for what is not known and for where no data is. SVG pattern and CSS background of the same look. */
import { useState } from 'react';

let patterns = 0;

/** An id for a pattern of this chart alone: ids are shared by the whole document. */
export function usePatternId(): string {
  const [id] = useState(() => `contention-hatch-${++patterns}`);
  return id;
}

export function HatchPattern(props: {
  id: string;
  colour: string;
  opacity?: number;
}) {
  const { id, colour, opacity = 1 } = props;
  return (
    <pattern
      id={id}
      width={6}
      height={6}
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width={6} height={6} fill={colour} opacity={0.25 * opacity} />
      <rect width={2} height={6} fill={colour} opacity={opacity} />
    </pattern>
  );
}

export function hatchBackground(colour: string): string {
  return `repeating-linear-gradient(135deg, ${colour} 0 2px, ${colour}40 2px 5px)`;
}
