/**
 * Everything of ours that is on no service's page, below one path. It draws no header: the new frontend system draws
 * one around it, and an old portal mounts it inside `Page` and `Header`. Knows paths, and nothing of what is behind them.
 */
import { lazy, Suspense } from 'react';
import { Content, ErrorPage } from '@backstage/core-components';
import { Route, Routes } from 'react-router-dom';
import { LoadingState } from '../states';
import { useWords } from '../translation';
import { FrontPage } from './FrontPage';

const CoveragePage = lazy(() =>
  import('./catalogCoverage/CoveragePage').then(m => ({
    default: m.CoveragePage,
  })),
);
const NodesPage = lazy(() =>
  import('./nodes/NodesPage').then(m => ({ default: m.NodesPage })),
);
const NodePage = lazy(() =>
  import('./nodes/NodePage').then(m => ({ default: m.NodePage })),
);
const ResolvePage = lazy(() =>
  import('./resolve/ResolvePage').then(m => ({ default: m.ResolvePage })),
);

const EvidenceListPage = lazy(() =>
  import('./evidence/EvidenceListPage').then(m => ({
    default: m.EvidenceListPage,
  })),
);
const EvidencePage = lazy(() =>
  import('./evidence/EvidencePage').then(m => ({ default: m.EvidencePage })),
);

export function ContentionPages() {
  const t = useWords();
  return (
    <Content>
      <Suspense fallback={<LoadingState />}>
        <Routes>
          <Route index element={<FrontPage />} />
          <Route path="coverage" element={<CoveragePage />} />
          <Route path="nodes" element={<NodesPage />} />
          <Route path="nodes/:cluster/:node" element={<NodePage />} />
          <Route path="resolve" element={<ResolvePage />} />
          <Route path="evidence" element={<EvidenceListPage />} />
          <Route path="evidence/:id/*" element={<EvidencePage />} />
          <Route
            path="*"
            element={
              <ErrorPage status="404" statusMessage={t('pages.notFound')} />
            }
          />
        </Routes>
      </Suspense>
    </Content>
  );
}
