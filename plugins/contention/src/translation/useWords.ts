import {
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { contentionTranslationRef } from './ref';

/** `t('states.loading')`; `t('states.ago', { age })`. An element as a value gives an element back. */
export type Words = TranslationFunction<typeof contentionTranslationRef.T>;

/** The plugin's words in the reader's language. For functions outside components: hand `t` on. */
export function useWords(): Words {
  return useTranslationRef(contentionTranslationRef).t;
}
