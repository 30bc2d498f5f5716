/** A sentence made of parts that a page can link and format, and the same as plain text. Pure. */
import type {
  Sentence,
  SentencePart,
} from 'backstage-plugin-contention-common';
import { utcTime } from './words';

export class SentenceBuilder {
  private readonly parts: SentencePart[] = [];

  /** @param nowMs - times of this day are shown without a date in the plain text */
  constructor(private readonly nowMs: number) {}

  text(text: string): this {
    const last = this.parts[this.parts.length - 1];
    if (last?.type === 'text') last.text += text;
    else if (text !== '') this.parts.push({ type: 'text', text });
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
    this.parts.push({ type: 'entity', entityRef, text });
    return this;
  }

  name(text: string): this {
    this.parts.push({ type: 'name', text });
    return this;
  }

  build(): Sentence {
    const text = this.parts
      .map(part => {
        switch (part.type) {
          case 'time':
            return utcTime(part.at, this.nowMs);
          case 'entity':
          case 'name':
            return `\`${part.text}\``;
          default:
            return part.text;
        }
      })
      .join('');
    return { parts: this.parts, text };
  }
}
