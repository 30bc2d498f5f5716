/** The same portal without any backend, on fixtures: `yarn start --entrypoint dev/fixtures`. */
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { UserIdentity } from '@backstage/core-components';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import '@backstage/ui/css/styles.css';
import { contentionApiRef } from '../src';
import { entities, FixtureContentionApi } from '../src/__fixtures__';
import { portalFeatures } from './portal';

/** There is no backend to sign in to. */
const guest = SignInPageBlueprint.make({
  params: {
    loader: async () =>
      function Guest({ onSignInSuccess }) {
        useEffect(
          () => onSignInSuccess(UserIdentity.createGuest()),
          [onSignInSuccess],
        );
        return null;
      },
  },
});

const catalog = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogApiRef,
          deps: {},
          factory: () => new InMemoryCatalogClient({ entities }),
        }),
    }),
  ],
});

const contention = createFrontendModule({
  pluginId: 'contention',
  extensions: [
    ApiBlueprint.make({
      name: 'reports',
      params: defineParams =>
        defineParams({
          api: contentionApiRef,
          deps: {},
          factory: () => new FixtureContentionApi(),
        }),
    }),
  ],
});

const app = createApp({
  features: [
    createFrontendModule({ pluginId: 'app', extensions: [guest] }),
    ...portalFeatures,
    catalog,
    contention,
  ],
});

createRoot(document.getElementById('root')!).render(app.createRoot());
