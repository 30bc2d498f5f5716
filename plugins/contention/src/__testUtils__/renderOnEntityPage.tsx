/** Renders a part of the plugin on the page of an entity, as a portal would. */
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { Route, Routes } from 'react-router-dom';
import { entities, FixtureContentionApi } from '../__fixtures__';
import { kubernetesPresenceRef } from '../report/links';
import { contentionApiRef, type ContentionApi } from '../api';
import { rootRouteRef } from '../routes';
import { Address } from './Address';

export interface RenderOptions {
  name: string;
  search?: string;
  api?: ContentionApi;
  /** The portal has the Kubernetes plugin. */
  kubernetes?: boolean;
  /** What the reader has chosen in the portal's settings. */
  language?: string;
}

/** `app-config.yaml` of a portal in which this language is chosen. */
const portalIn = (language: string) => ({
  app: {
    baseUrl: 'http://localhost:3000',
    extensions: [
      {
        'api:app/app-language': {
          config: {
            defaultLanguage: language,
            availableLanguages: [...new Set(['en', language])],
          },
        },
      },
    ],
  },
  backend: { baseUrl: 'http://localhost:7007' },
});

export function renderOnEntityPage(
  element: JSX.Element,
  options: RenderOptions,
) {
  const { name, search = '', api = new FixtureContentionApi() } = options;
  const { kubernetes = false, language = 'en' } = options;
  const entity = entities.find(({ metadata }) => metadata.name === name);
  if (!entity) throw new Error(`No fixture entity '${name}'`);
  return renderInTestApp(
    <>
      <Routes>
        <Route
          path="*"
          element={<EntityProvider entity={entity}>{element}</EntityProvider>}
        />
      </Routes>
      <Address />
    </>,
    {
      config: portalIn(language),
      apis: [
        [contentionApiRef, api],
        ...(kubernetes ? ([[kubernetesPresenceRef, {}]] as const) : []),
        mockApis.permission(),
      ],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/contention': rootRouteRef,
      },
      initialRouteEntries: [`/${search}`],
    },
  );
}
