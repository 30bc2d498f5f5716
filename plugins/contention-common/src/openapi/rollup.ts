/** The calls that look at more than one entity: pairs of a System, Domain or Group, and coverage. */
import {
  coverageReportSchema,
  DIRECTIONS,
  pairsReportSchema,
  RESOURCES,
  ROLLUP_KINDS,
} from '../schema';

export const ROLLUP_ANSWERS = {
  PairsReport: pairsReportSchema,
  CoverageReport: coverageReportSchema,
};

function answer(name: keyof typeof ROLLUP_ANSWERS, description: string) {
  return {
    description,
    content: {
      'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
    },
  };
}

/**
 * @param errors - the responses that every call may give
 * @param entityParameters - kind, namespace and name in the path
 * @param rangeParameters - the range in the query
 */
export function rollupPaths(
  errors: object,
  entityParameters: readonly { name: string; schema: object }[],
  rangeParameters: readonly { name: string }[],
): Record<string, Record<string, unknown>> {
  return {
    '/v1/entities/{kind}/{namespace}/{name}/pairs': {
      get: {
        operationId: 'pairs',
        summary:
          'Who waited for whom, over all members of a System, Domain or Group',
        parameters: [
          ...entityParameters.map(parameter =>
            parameter.name === 'kind'
              ? { ...parameter, schema: { type: 'string', enum: ROLLUP_KINDS } }
              : parameter,
          ),
          ...rangeParameters,
          {
            name: 'direction',
            in: 'query',
            required: false,
            description: 'Suffered or caused by the members',
            schema: { type: 'string', enum: DIRECTIONS, default: 'suffered' },
          },
          {
            name: 'resource',
            in: 'query',
            required: false,
            description: 'What is waited for',
            schema: { type: 'string', enum: RESOURCES, default: 'cpu' },
          },
        ],
        responses: { 200: answer('PairsReport', 'The report'), ...errors },
      },
    },
    '/v1/coverage': {
      get: {
        operationId: 'coverage',
        summary:
          'Workloads that no entity claims, entities without data, nodes without an agent',
        parameters: rangeParameters.filter(({ name }) =>
          ['from', 'to', 'last', 'cluster'].includes(name),
        ),
        responses: {
          200: answer('CoverageReport', 'For whoever may read some entity'),
          ...errors,
        },
      },
    },
  };
}
