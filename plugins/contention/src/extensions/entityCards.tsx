/** The card on the overview. */
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RUNS } from './runs';

export const overviewCard = EntityCardBlueprint.make({
  name: 'verdict',
  params: {
    type: 'content',
    filter: RUNS,
    loader: () => import('../card/OverviewCard').then(m => <m.OverviewCard />),
  },
});
