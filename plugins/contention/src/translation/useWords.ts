import {
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { writeIn } from '../format/locale';
import { contentionTranslationRef } from './ref';

/** `t('states.loading')`; `t('states.ago', { age })`. An element as a value gives an element back. */
export type Words = TranslationFunction<typeof contentionTranslationRef.T>;

/**
 * The plugin's words in the reader's language; numbers and moments are written in it from then on, too. For functions outside
 * components: hand `t` on.
 */
export function useWords(): Words {
  const { t } = useTranslationRef(contentionTranslationRef);
  writeIn(t('format.locale'));
  return t;
}
