/** The plugin: what a portal installs. */
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import GroupIcon from '@material-ui/icons/Group';
import { rangeMemoryApi, reportsApi } from './extensions/apis';
import { overviewCard } from './extensions/entityCards';
import { freezeMenuItem } from './extensions/entityContextMenuItems';
import { contentionPage } from './extensions/pages';
import {
  evidenceListRouteRef,
  evidenceRouteRef,
  nodeRouteRef,
  nodesRouteRef,
  rootRouteRef,
} from './routes';
import {
  latencyContent,
  neighboursContent,
  rollupContent,
  throttlingContent,
} from './extensions/entityContents';

/**
 * The plugin, for `createApp({ features: [...] })` or found by the portal itself.
 *
 * @public
 */
export const contentionPlugin = createFrontendPlugin({
  pluginId: 'contention',
  title: 'Contention',
  icon: <GroupIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    nodes: nodesRouteRef,
    node: nodeRouteRef,
    evidenceList: evidenceListRouteRef,
    evidence: evidenceRouteRef,
  },
  extensions: [
    reportsApi,
    rangeMemoryApi,
    latencyContent,
    throttlingContent,
    neighboursContent,
    rollupContent,
    overviewCard,
    contentionPage,
    freezeMenuItem,
  ],
});
