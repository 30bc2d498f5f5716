/** The calls that look at nodes. */
import {
  MAX_NODES_PER_PAGE,
  NODE_SORTS,
  AGENT_STATES,
  nodeReportSchema,
  nodesReportSchema,
  RESOURCES,
} from '../schema';

export const NODES_ANSWERS = {
  NodesReport: nodesReportSchema,
  NodeReport: nodeReportSchema,
};

function answer(name: keyof typeof NODES_ANSWERS) {
  return {
    description: 'For whoever may read some entity',
    content: {
      'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
    },
  };
}

function filter(name: string, description: string, schema: object) {
  return { name, in: 'query', required: false, description, schema };
}

const resource = filter('resource', 'What is waited for', {
  type: 'string',
  enum: RESOURCES,
  default: 'cpu',
});

const interfaceName = filter(
  'interfaceName',
  'Of the network: only the queue of this device',
  { type: 'string' },
);

const filters = [
  resource,
  filter('search', 'Part of the name of the node', { type: 'string' }),
  filter('state', 'Only nodes whose agent is in this state', {
    type: 'string',
    enum: AGENT_STATES,
  }),
  filter('sort', 'What comes first', {
    type: 'string',
    enum: NODE_SORTS,
    default: 'crowding',
  }),
  filter('order', 'Default: names ascending, figures descending', {
    type: 'string',
    enum: ['asc', 'desc'],
  }),
  filter('limit', 'Nodes in the answer', {
    type: 'integer',
    minimum: 1,
    maximum: MAX_NODES_PER_PAGE,
    default: 25,
  }),
  filter('offset', 'Nodes before the first one in the answer', {
    type: 'integer',
    minimum: 0,
    default: 0,
  }),
];

/**
 * @param errors - the responses that every call may give
 * @param rangeParameters - the range in the query
 */
export function nodesPaths(
  errors: object,
  rangeParameters: readonly { name: string }[],
): Record<string, Record<string, unknown>> {
  return {
    '/v1/nodes': {
      get: {
        operationId: 'nodes',
        summary: 'How crowded nodes are, and by whom',
        parameters: [...rangeParameters, ...filters],
        responses: { 200: answer('NodesReport'), ...errors },
      },
    },
    '/v1/nodes/{cluster}/{node}': {
      get: {
        operationId: 'node',
        summary: 'Who lives on a node, and who waits there while who runs',
        parameters: [
          ...['cluster', 'node'].map(name => ({
            name,
            in: 'path',
            required: true,
            schema: { type: 'string' },
          })),
          ...rangeParameters.filter(({ name }) => name !== 'cluster'),
          resource,
          interfaceName,
        ],
        responses: { 200: answer('NodeReport'), ...errors },
      },
    },
  };
}
