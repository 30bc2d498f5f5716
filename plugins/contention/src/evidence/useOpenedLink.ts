/**
 * Whether the page was opened as a link with a fixed range: typed, pasted, clicked in a ticket, or led to from such a one.
 * Not: found by zooming in or by walking through the portal.
 */
import { useState } from 'react';
import {
  NavigationType,
  useLocation,
  useNavigationType,
} from 'react-router-dom';
import type { RangeSpec, ResolvedRange } from '../range/range';

/** The key of the address that a page was loaded with, before anything in it was clicked. */
const FIRST_ADDRESS = 'default';

/** The range of the link; undefined where the page was not opened by one, or shows another range by now. */
export function useOpenedLink(spec: RangeSpec): ResolvedRange | undefined {
  const { key } = useLocation();
  const how = useNavigationType();
  const [opened] = useState(() =>
    key === FIRST_ADDRESS || how === NavigationType.Replace
      ? fixedRange(spec)
      : undefined,
  );
  const shown = fixedRange(spec);
  return opened && shown?.from === opened.from && shown.to === opened.to
    ? opened
    : undefined;
}

function fixedRange({ from, to }: RangeSpec): ResolvedRange | undefined {
  return from.type === 'absolute' && to.type === 'absolute'
    ? { from: from.atMs, to: to.atMs }
    : undefined;
}
