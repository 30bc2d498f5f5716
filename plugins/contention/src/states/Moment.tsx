/** A time in words, with the absolute time for hovering and for machines. */
import type { ReactNode } from 'react';
import { formatAbsolute } from '../format';

/** `at`: epoch milliseconds. */
export function Moment({ at, children }: { at: number; children: ReactNode }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatAbsolute(at)}>
      {children}
    </time>
  );
}
