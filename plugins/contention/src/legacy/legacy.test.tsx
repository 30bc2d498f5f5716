import { Route, Routes } from 'react-router-dom';
import { screen } from '@testing-library/react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { contentionApiRef } from '../api';
import { entities, FixtureContentionApi } from '../__fixtures__';
import {
  ContentionPage,
  contentionPlugin,
  EntityContentionCard,
  EntityLatencyContent,
  EntityNoisyNeighboursContent,
  EntityThrottlingContent,
  isContentionAvailable,
} from './index';

const checkout = entities.find(({ metadata }) => metadata.name === 'checkout')!;

const render = (element: JSX.Element) =>
  renderInTestApp(
    <TestApiProvider apis={[[contentionApiRef, new FixtureContentionApi()]]}>
      <Routes>
        <Route
          path="*"
          element={<EntityProvider entity={checkout}>{element}</EntityProvider>}
        />
      </Routes>
    </TestApiProvider>,
    {
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/contention': contentionPlugin.routes.root,
        '/latency': contentionPlugin.routes.latency,
        '/throttling': contentionPlugin.routes.throttling,
        '/noisy-neighbours': contentionPlugin.routes.noisyNeighbours,
      },
    },
  );

describe('in a portal on the legacy frontend system', () => {
  it.each([
    [<EntityLatencyContent key="0" />, 'How long threads waited for a CPU'],
    [<EntityThrottlingContent key="1" />, 'How often its CPU limit stopped it'],
    [<EntityNoisyNeighboursContent key="2" />, 'What checkout waited for'],
    [<EntityContentionCard key="3" />, 'What holds it up'],
    [<ContentionPage key="4" />, 'Nodes'],
  ])('%# shows its data', async (element, heading) => {
    await render(element);
    expect(await screen.findByRole('heading', { name: heading })).toBeVisible();
  });

  it('is for what runs, annotated or not, and for nothing else', () => {
    const entity = (kind: string) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name: 'x' },
    });
    expect(isContentionAvailable(entity('Component'))).toBe(true);
    expect(isContentionAvailable(entity('Resource'))).toBe(true);
    expect(isContentionAvailable(entity('Group'))).toBe(false);
  });

  it('calls the backend by itself: no API has to be registered', () => {
    expect([...contentionPlugin.getApis()].map(({ api }) => api.id)).toContain(
      contentionApiRef.id,
    );
  });
});
