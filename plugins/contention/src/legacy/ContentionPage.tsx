/** The plugin's own pages with a page's header around them, which the legacy frontend system leaves to each page. */
import { Header, Page } from '@backstage/core-components';
import { ContentionPages } from '../pages/ContentionPages';

export function ContentionPage() {
  return (
    <Page themeId="tool">
      <Header title="Contention" />
      <ContentionPages />
    </Page>
  );
}
