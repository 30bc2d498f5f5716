/** Whether a sentence tells a moment already: then nothing beside it has to. */
import type { Sentence } from 'backstage-plugin-contention-common';

/** @param atMs - epoch milliseconds */
export function saysWhen({ parts }: Sentence, atMs: number): boolean {
  return parts.some(part => part.type === 'time' && part.at === atMs);
}
