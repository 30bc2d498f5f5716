/** What one `backend.add` installs. */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { incidentsModule } from './incidents/module';
import { contentionPlugin } from './plugin';

/**
 * The plugin, and its module for the events plugin, which takes webhooks of alert tools. Where there is no events plugin the
 * module stays unused.
 *
 * @public
 */
export const contentionFeatures = createBackendFeatureLoader({
  loader: () => [contentionPlugin, incidentsModule],
});
