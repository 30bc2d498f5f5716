/** What both portals have in common: the catalog as home and the theme switch. They differ in who signs the guest in. */
import { Navigate } from 'react-router-dom';
import {
  createFrontendModule,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import contentionPlugin from '../src';

const home = PageBlueprint.make({
  name: 'home',
  params: {
    path: '/',
    loader: async () => <Navigate to="/catalog" replace />,
  },
});

/** In the order in which their tabs and navigation items appear. */
export const portalFeatures = [
  createFrontendModule({ pluginId: 'app', extensions: [home] }),
  contentionPlugin,
  catalogPlugin,
  orgPlugin,
  userSettingsPlugin,
];
