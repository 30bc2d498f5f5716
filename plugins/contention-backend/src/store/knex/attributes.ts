/** Attributes of resources, parsed once: they never change. */
import type { Attributes } from '../../otlp';
import { attributesFromJson } from './dictionary';

/** By the id of their row. To be cleared when rows are purged. */
export class ParsedAttributes {
  private readonly known = new Map<number, Attributes>();

  get(id: number): Attributes | undefined {
    return this.known.get(id);
  }

  of({ id, attributes }: { id: number; attributes: string }): Attributes {
    const known = this.known.get(id);
    if (known) return known;
    const parsed = attributesFromJson(attributes);
    if (this.known.size >= 100_000) this.known.clear();
    this.known.set(id, parsed);
    return parsed;
  }

  clear(): void {
    this.known.clear();
  }
}
