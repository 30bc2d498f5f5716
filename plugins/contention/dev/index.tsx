/** A whole portal against a real backend on http://localhost:7007: `yarn start`. */
import { createRoot } from 'react-dom/client';
import { ProxiedSignInPage } from '@backstage/core-components';
import { createApp } from '@backstage/frontend-defaults';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import kubernetesPlugin from '@backstage/plugin-kubernetes/alpha';
import '@backstage/ui/css/styles.css';
import { portalFeatures } from './portal';

/** The backend's guest provider asks nobody anything: the guest is in at once. */
const guest = SignInPageBlueprint.make({
  params: {
    loader: async () => props => (
      <ProxiedSignInPage {...props} provider="guest" />
    ),
  },
});

const app = createApp({
  features: [
    createFrontendModule({ pluginId: 'app', extensions: [guest] }),
    ...portalFeatures,
    kubernetesPlugin,
  ],
});

createRoot(document.getElementById('root')!).render(app.createRoot());
