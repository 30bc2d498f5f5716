/** The few words among numbers, in the reader's language. */
import type { Words } from '../translation';
import type { DurationWords } from './numbers';

export function durationWords(t: Words): DurationWords {
  return {
    over: duration => t('latency.over', { duration }),
    upTo: duration => t('latency.upTo', { duration }),
  };
}
