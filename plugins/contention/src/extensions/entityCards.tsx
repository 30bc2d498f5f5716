/** The card on the overview. */
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';

export const overviewCard = EntityCardBlueprint.make({
  name: 'verdict',
  params: {
    type: 'content',
    filter: { kind: { $in: ['component', 'resource'] } },
    loader: () => import('../card/OverviewCard').then(m => <m.OverviewCard />),
  },
});
