/** What the pages need of the backend. Replaceable: a portal or a test may provide its own implementation. */
import { createApiRef } from '@backstage/core-plugin-api';
import type { ContentionClient } from 'backstage-plugin-contention-common';

/**
 * What the pages call of the backend.
 *
 * @public
 */
export type ContentionApi = Pick<
  ContentionClient,
  | 'neighbours'
  | 'throttling'
  | 'latency'
  | 'peers'
  | 'diagnosis'
  | 'createEvidence'
  | 'evidence'
  | 'evidenceFile'
  | 'evidenceOf'
  | 'evidenceSeen'
  | 'replyToEvidence'
  | 'deleteEvidence'
  | 'resolve'
  | 'nodes'
  | 'node'
  | 'pairs'
  | 'coverage'
>;

/**
 * Where the pages find it.
 *
 * @public
 */
export const contentionApiRef = createApiRef<ContentionApi>({
  id: 'plugin.contention.reports',
});
