/**
 * Every word on the screen that is the plugin's own, by its key. A portal replaces words, or adds a language, with a
 * translation resource for this reference. Sentences about a service come from the backend, in English.
 */
import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { english } from './en';

/** @public */
export const contentionTranslationRef = createTranslationRef({
  id: 'contention',
  messages: english,
  translations: { de: () => import('./de') },
});
