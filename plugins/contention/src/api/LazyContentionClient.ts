/** The client of -common, loaded with the first call, so that a portal's start does not pay for schemas. */
import type { FetchApi } from '@backstage/core-plugin-api';
import type { ContentionClient } from 'backstage-plugin-contention-common';
import type { ContentionApi } from './contentionApi';

export class LazyContentionClient implements ContentionApi {
  private readonly fetchApi: FetchApi;
  private client?: Promise<ContentionClient>;

  constructor(options: { fetchApi: FetchApi }) {
    this.fetchApi = options.fetchApi;
  }

  neighbours: ContentionApi['neighbours'] = async (...call) =>
    (await this.load()).neighbours(...call);

  throttling: ContentionApi['throttling'] = async (...call) =>
    (await this.load()).throttling(...call);

  latency: ContentionApi['latency'] = async (...call) =>
    (await this.load()).latency(...call);

  peers: ContentionApi['peers'] = async (...call) =>
    (await this.load()).peers(...call);

  diagnosis: ContentionApi['diagnosis'] = async (...call) =>
    (await this.load()).diagnosis(...call);

  resolve: ContentionApi['resolve'] = async (...call) =>
    (await this.load()).resolve(...call);

  createEvidence: ContentionApi['createEvidence'] = async (...call) =>
    (await this.load()).createEvidence(...call);

  evidence: ContentionApi['evidence'] = async (...call) =>
    (await this.load()).evidence(...call);

  evidenceFile: ContentionApi['evidenceFile'] = async (...call) =>
    (await this.load()).evidenceFile(...call);

  evidenceOf: ContentionApi['evidenceOf'] = async (...call) =>
    (await this.load()).evidenceOf(...call);

  evidenceSeen: ContentionApi['evidenceSeen'] = async (...call) =>
    (await this.load()).evidenceSeen(...call);

  replyToEvidence: ContentionApi['replyToEvidence'] = async (...call) =>
    (await this.load()).replyToEvidence(...call);

  deleteEvidence: ContentionApi['deleteEvidence'] = async (...call) =>
    (await this.load()).deleteEvidence(...call);

  nodes: ContentionApi['nodes'] = async (...call) =>
    (await this.load()).nodes(...call);

  node: ContentionApi['node'] = async (...call) =>
    (await this.load()).node(...call);

  pairs: ContentionApi['pairs'] = async (...call) =>
    (await this.load()).pairs(...call);

  coverage: ContentionApi['coverage'] = async (...call) =>
    (await this.load()).coverage(...call);

  private load(): Promise<ContentionClient> {
    this.client ??= import('./client').then(
      module => new module.ContentionClient({ fetchApi: this.fetchApi }),
      error => {
        // A chunk that failed to load may load the next time.
        this.client = undefined;
        throw error;
      },
    );
    return this.client;
  }
}
