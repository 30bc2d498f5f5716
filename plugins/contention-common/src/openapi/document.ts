/** The REST interface as an OpenAPI 3.1 document, made from the same schemas that the client checks answers with. */
import { z } from 'zod';
import { REQUEST_ROLES } from '../metrics';
import {
  diagnosisReportSchema,
  DIRECTIONS,
  healthReportSchema,
  latencyReportSchema,
  neighboursReportSchema,
  peersReportSchema,
  RESOURCES,
  resolveAnswerSchema,
  throttlingReportSchema,
} from '../schema';
import { EVIDENCE_ANSWERS, EVIDENCE_BODIES, evidencePaths } from './evidence';
import { resolvePaths } from './resolve';
import { NODES_ANSWERS, nodesPaths } from './nodes';
import { ROLLUP_ANSWERS, rollupPaths } from './rollup';

/** An OpenAPI document is plain JSON; its own schema is the standard's. */
export type OpenApiDocument = Record<string, unknown> & {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
};

const REPORTS = {
  neighbours: {
    schema: neighboursReportSchema,
    name: 'NeighboursReport',
    summary: 'Who hurts this entity, or whom it hurts',
  },
  throttling: {
    schema: throttlingReportSchema,
    name: 'ThrottlingReport',
    summary:
      'Which quota stopped this entity, for how long, and who used it up',
  },
  latency: {
    schema: latencyReportSchema,
    name: 'LatencyReport',
    summary:
      'How long requests of this entity took and what the slow ones were made of',
  },
  peers: {
    schema: peersReportSchema,
    name: 'PeersReport',
    summary: 'Whom this entity calls, who calls it, and how connections fare',
  },
  diagnosis: {
    schema: diagnosisReportSchema,
    name: 'DiagnosisReport',
    summary: 'The verdict and one spark line: the overview card',
  },
} as const;

const entityParameters = ['kind', 'namespace', 'name'].map(name => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
}));

function queryParameter(name: string, description: string, schema: object) {
  return { name, in: 'query', required: false, description, schema };
}

const rangeParameters = [
  queryParameter('from', 'ISO 8601 or epoch ms; default: an hour before `to`', {
    type: 'string',
  }),
  queryParameter('to', 'ISO 8601 or epoch ms; default: now', {
    type: 'string',
  }),
  queryParameter(
    'last',
    "Instead of `from` and `to`: this many seconds up to now by the backend's clock",
    { type: 'number', exclusiveMinimum: 0 },
  ),
  queryParameter(
    'step',
    'Least width of a window, seconds; default: the store decides',
    { type: 'number', exclusiveMinimum: 0 },
  ),
  queryParameter('cluster', 'Only this cluster', { type: 'string' }),
];

const neighboursParameters = [
  queryParameter('direction', 'Suffered or caused by this entity', {
    type: 'string',
    enum: DIRECTIONS,
    default: 'suffered',
  }),
  queryParameter('resource', 'What was waited for', {
    type: 'string',
    enum: RESOURCES,
    default: 'cpu',
  }),
];

const latencyParameters = [
  queryParameter('role', 'Requests that it gets, or requests that it sends', {
    type: 'string',
    enum: REQUEST_ROLES,
    default: 'server',
  }),
  ...['selectFrom', 'selectTo'].map(name =>
    queryParameter(
      name,
      'ISO 8601 or epoch ms: the part of the range that anatomy and worst requests are of; default: all of it',
      { type: 'string' },
    ),
  ),
  queryParameter(
    'bandFrom',
    'Seconds: anatomy sums and worst requests are of slower requests only',
    { type: 'number', minimum: 0 },
  ),
  queryParameter(
    'bandTo',
    'Seconds: anatomy sums and worst requests are of faster requests only',
    { type: 'number', exclusiveMinimum: 0 },
  ),
];

/** Query parameters of one report besides the range. */
const REPORT_PARAMETERS: Partial<Record<keyof typeof REPORTS, object[]>> = {
  neighbours: neighboursParameters,
  latency: latencyParameters,
};

const ERRORS = {
  400: 'The query is not valid',
  401: 'Nobody is signed in',
  403: 'The permission contention.read on this entity is missing',
  404: 'There is no such entity, or the caller may not see it',
};

function errorResponses() {
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, description]) => [
      status,
      {
        description,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
          },
        },
      },
    ]),
  );
}

/** A zod schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
function jsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output' = 'output',
): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** The document that the backend serves at `GET /openapi.json`. */
export function buildOpenApiDocument(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  const schemas: Record<string, unknown> = {
    Error: {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['name', 'message'],
          properties: {
            name: { type: 'string' },
            message: { type: 'string' },
          },
        },
      },
    },
  };
  for (const [report, { schema, name, summary }] of Object.entries(REPORTS)) {
    schemas[name] = jsonSchema(schema);
    paths[`/v1/entities/{kind}/{namespace}/{name}/${report}`] = {
      get: {
        operationId: report,
        summary,
        parameters: [
          ...entityParameters,
          ...rangeParameters,
          ...(REPORT_PARAMETERS[report as keyof typeof REPORTS] ?? []),
        ],
        responses: {
          200: {
            description: summary,
            content: {
              'application/json': {
                schema: { $ref: `#/components/schemas/${name}` },
              },
            },
          },
          ...errorResponses(),
        },
      },
    };
  }
  for (const [name, schema] of Object.entries(EVIDENCE_ANSWERS)) {
    schemas[name] = jsonSchema(schema);
  }
  for (const [name, schema] of Object.entries(EVIDENCE_BODIES)) {
    schemas[name] = jsonSchema(schema, 'input');
  }
  Object.assign(paths, evidencePaths(entityParameters));
  for (const [name, schema] of Object.entries(ROLLUP_ANSWERS)) {
    schemas[name] = jsonSchema(schema);
  }
  Object.assign(
    paths,
    rollupPaths(errorResponses(), entityParameters, rangeParameters),
  );
  schemas.ResolveAnswer = jsonSchema(resolveAnswerSchema);
  Object.assign(paths, resolvePaths(errorResponses()));
  for (const [name, schema] of Object.entries(NODES_ANSWERS)) {
    schemas[name] = jsonSchema(schema);
  }
  Object.assign(paths, nodesPaths(errorResponses(), rangeParameters));
  schemas.HealthReport = jsonSchema(healthReportSchema);
  paths['/v1/health'] = {
    get: {
      operationId: 'health',
      summary: 'Which agents are heard, and how much is stored',
      responses: {
        200: {
          description: 'For whoever may read at least one entity',
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/HealthReport' },
            },
          },
        },
        401: { description: ERRORS[401] },
        403: { description: 'The permission contention.read is missing' },
      },
    },
  };
  paths['/otlp/v1/metrics'] = {
    post: {
      operationId: 'ingest',
      summary: 'OTLP/HTTP metrics: protobuf or JSON, plain or gzip',
      requestBody: {
        required: true,
        content: {
          'application/x-protobuf': {
            schema: { type: 'string', contentEncoding: 'binary' },
          },
          'application/json': { schema: { type: 'object' } },
        },
      },
      responses: {
        200: {
          description:
            'ExportMetricsServiceResponse; partialSuccess counts points that are not for this backend',
        },
        400: { description: 'google.rpc.Status: the body is not valid' },
        401: { description: 'The token is missing or unknown' },
        403: {
          description:
            'google.rpc.Status: the permission contention.ingest is missing, or the data is of another cluster',
        },
        413: { description: 'google.rpc.Status: beyond a limit' },
        415: { description: 'google.rpc.Status: unknown content type' },
        503: { description: 'google.rpc.Status: busy; see Retry-After' },
      },
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Contention',
      version: '1',
      description: 'Why a service is slow: neighbours, quotas and queues.',
    },
    servers: [{ url: '/api/contention' }],
    paths,
    components: {
      schemas,
      securitySchemes: { backstage: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ backstage: [] }],
  };
}
