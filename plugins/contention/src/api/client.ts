/** The chunk that LazyContentionClient loads: the client and its schemas, nothing else. */
export { ContentionClient } from 'backstage-plugin-contention-common';
