/** The words in English without a portal around them: for what needs a word that is the same for every reader, as a key is. */
import { english } from './en';
import { flatten } from './flatten';
import type { Words } from './useWords';

const messages: Record<string, string> = flatten(english);

/** Knows plain values only: no plurals, and no elements as values. */
export const inEnglish = ((key: string, values: Record<string, unknown> = {}) =>
  messages[key].replace(/\{\{(\w+)\}\}/g, (_, name) =>
    String(values[name]),
  )) as Words;
