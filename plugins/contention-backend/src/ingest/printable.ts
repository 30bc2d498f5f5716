/** Names as they are kept: whatever a node calls its workloads can be seen in full wherever it is shown. Pure. */
import { printable } from 'backstage-plugin-contention-common';
import type { Attributes } from '../otlp';

export function printableAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? printable(value) : value,
    ]),
  );
}
