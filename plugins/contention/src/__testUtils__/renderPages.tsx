/** Renders the plugin's own pages below `/contention`, as a portal would. */
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { Route, Routes } from 'react-router-dom';
import { FixtureContentionApi } from '../__fixtures__';
import { contentionApiRef, type ContentionApi } from '../api';
import { ContentionPages } from '../pages/ContentionPages';
import { rootRouteRef } from '../routes';
import { Address } from './Address';

export interface RenderPagesOptions {
  api?: ContentionApi;
}

/** `address`: `/contention/...` with its search. */
export function renderPages(address: string, options: RenderPagesOptions = {}) {
  const { api = new FixtureContentionApi() } = options;
  return renderInTestApp(
    <>
      <Routes>
        <Route path="/contention/*" element={<ContentionPages />} />
      </Routes>
      <Address />
    </>,
    {
      apis: [[contentionApiRef, api], mockApis.permission()],
      mountedRoutes: {
        '/contention': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
      initialRouteEntries: [address],
    },
  );
}
