import { screen } from '@testing-library/react';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  appLanguageApiRef,
  coreExtensionData,
} from '@backstage/frontend-plugin-api';
import contentionPlugin from './index';
import { overviewCard } from './extensions/entityCards';
import {
  latencyContent,
  neighboursContent,
  throttlingContent,
} from './extensions/entityContents';
import { renderOnEntityPage } from './__testUtils__/renderOnEntityPage';

const TABS = [
  {
    extension: latencyContent,
    path: '/latency',
    title: 'Latency',
    german: 'Latenz',
    shows: 'How long threads waited for a CPU',
  },
  {
    extension: throttlingContent,
    path: '/throttling',
    title: 'Throttling',
    german: 'Drosselung',
    shows: 'How often its CPU limit stopped it',
  },
  {
    extension: neighboursContent,
    path: '/noisy-neighbours',
    title: 'Noisy neighbours',
    german: 'Laute Nachbarn',
    shows: 'What checkout waited for',
  },
];

describe('the plugin', () => {
  it('is a frontend plugin with the id that app-config uses', () => {
    expect(String(contentionPlugin)).toContain('contention');
    expect(contentionPlugin.pluginId).toBe('contention');
  });

  it.each(TABS)(
    'mounts the tab $title at $path',
    async ({ extension, path, title, shows }) => {
      const tester = createExtensionTester(extension as typeof latencyContent);
      expect(tester.get(coreExtensionData.routePath)).toBe(path);
      expect(tester.get(EntityContentBlueprint.dataRefs.title)).toBe(title);
      renderOnEntityPage(tester.reactElement(), { name: 'checkout' });
      expect(await screen.findByRole('heading', { name: shows })).toBeVisible();
    },
  );

  it.each(TABS)(
    'calls the tab $title $german for who has chosen German, and whatever the configuration says for everybody',
    ({ extension, title, german }) => {
      const titleIn = (language: string, config?: { title: string }) =>
        createExtensionTester(extension as typeof latencyContent, {
          config,
          apis: [[appLanguageApiRef, { getLanguage: () => ({ language }) }]],
        }).get(EntityContentBlueprint.dataRefs.title);
      expect(titleIn('de')).toBe(german);
      expect(titleIn('fr')).toBe(title);
      expect(titleIn('de', { title: 'Warum' })).toBe('Warum');
    },
  );

  it.each(TABS)(
    'shows $title for what runs, annotated or not, and for nothing else',
    ({ extension }) => {
      const filter = createExtensionTester(
        extension as typeof latencyContent,
      ).get(EntityContentBlueprint.dataRefs.filterFunction)!;
      const entity = (kind: string) => ({
        apiVersion: '1',
        kind,
        metadata: { name: 'x' },
      });
      expect(filter(entity('Component'))).toBe(true);
      expect(filter(entity('Resource'))).toBe(true);
      expect(filter(entity('Group'))).toBe(false);
    },
  );

  it('puts its card on the overview', async () => {
    const tester = createExtensionTester(overviewCard);
    expect(tester.get(EntityCardBlueprint.dataRefs.type)).toBe('content');
    renderOnEntityPage(tester.reactElement(), { name: 'checkout' });
    expect(
      await screen.findByRole('heading', { name: 'What holds it up' }),
    ).toBeVisible();
  });
});
