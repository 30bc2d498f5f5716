/** A sentence made of parts that a page can link and format, and the same as plain text. Pure. */
import type {
  Sentence,
  SentencePart,
} from 'backstage-plugin-contention-common';
import { utcTime } from './words';

export class SentenceBuilder {
  private readonly parts: SentencePart[] = [];
  private of: string[] | undefined;

  /** @param nowMs - times of this day are shown without a date in the plain text */
  constructor(private readonly nowMs: number) {}

  /** What is written meanwhile tells of these entities, whom another reader may not be allowed to see. */
  about(entityRefs: readonly string[], write: () => void): this {
    this.of = [...entityRefs];
    write();
    this.of = undefined;
    return this;
  }

  text(text: string): this {
    const last = this.parts[this.parts.length - 1];
    if (last?.type === 'text' && last.of === this.of && !last.aside) {
      last.text += text;
    } else if (text !== '') this.parts.push(this.told({ type: 'text', text }));
    return this;
  }

  /** Figures of these entities, which would tell who they are: left out for readers who may see none of them. */
  aside(entityRefs: readonly string[], text: string): this {
    if (entityRefs.length === 0) return this.text(text);
    this.parts.push({ type: 'text', text, of: [...entityRefs], aside: true });
    return this;
  }

  strong(text: string): this {
    this.parts.push({ type: 'strong', text });
    return this;
  }

  time(at: number): this {
    this.parts.push({ type: 'time', at });
    return this;
  }

  entity(entityRef: string, text: string): this {
    this.parts.push(this.told({ type: 'entity', entityRef, text }));
    return this;
  }

  name(text: string): this {
    this.parts.push(this.told({ type: 'name', text }));
    return this;
  }

  build(): Sentence {
    return { parts: this.parts, text: textOf(this.parts, this.nowMs) };
  }

  private told<Part extends SentencePart>(part: Part): Part {
    return this.of ? { ...part, of: this.of } : part;
  }
}

/** The plain form: names in backticks, UTC times, without the date where it is that of `nowMs`. */
export function textOf(parts: readonly SentencePart[], nowMs: number): string {
  return parts
    .map(part => {
      switch (part.type) {
        case 'time':
          return utcTime(part.at, nowMs);
        case 'entity':
        case 'name':
          return `\`${part.text}\``;
        default:
          return part.text;
      }
    })
    .join('');
}
