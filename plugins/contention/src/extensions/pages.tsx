/** The plugin's own pages, as one entry of the portal's navigation. */
import { PageBlueprint } from '@backstage/frontend-plugin-api';
import GroupIcon from '@material-ui/icons/Group';
import { rootRouteRef } from '../routes';

export const contentionPage = PageBlueprint.make({
  params: {
    path: '/contention',
    title: 'Contention',
    icon: <GroupIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () =>
      import('../pages/ContentionPages').then(m => (
        // The legacy system's `Page` is one; here nothing around us is.
        <main>
          <m.ContentionPages />
        </main>
      )),
  },
});
