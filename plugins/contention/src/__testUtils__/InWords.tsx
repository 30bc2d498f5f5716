/** Only what words need around them: for parts that are tested without a portal. */
import type { ReactNode } from 'react';
import { mockApis, TestApiProvider } from '@backstage/frontend-test-utils';

export function InWords({ children }: { children: ReactNode }) {
  return (
    <TestApiProvider apis={[mockApis.error(), mockApis.translation()]}>
      {children}
    </TestApiProvider>
  );
}
