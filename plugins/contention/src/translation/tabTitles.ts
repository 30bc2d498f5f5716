/**
 * The titles of the tabs. Unlike every other word they are needed before anything is drawn, and a portal keeps them for as long as
 * its page is open: a title is text there, not something that is drawn (backstage/backstage#34139). So they are not loaded with
 * their language, and follow it when the portal is loaded.
 */
import {
  appLanguageApiRef,
  type ApiHolder,
} from '@backstage/frontend-plugin-api';

const ENGLISH = {
  latency: 'Latency',
  throttling: 'Throttling',
  neighbours: 'Noisy neighbours',
  rollup: 'Contention',
};

export type TitledTab = keyof typeof ENGLISH;

export const TAB_TITLES: Readonly<
  Record<string, Readonly<Record<TitledTab, string>>>
> = {
  en: ENGLISH,
  de: {
    latency: 'Latenz',
    throttling: 'Drosselung',
    neighbours: 'Laute Nachbarn',
    rollup: 'Contention',
  },
};

/** The title of a tab in the language that the reader has chosen; English for one that there are no words for. */
export function tabTitle(tab: TitledTab, apis: ApiHolder): string {
  const language = apis.get(appLanguageApiRef)?.getLanguage().language ?? 'en';
  return (TAB_TITLES[language] ?? ENGLISH)[tab];
}
