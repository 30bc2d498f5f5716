/** The calls of evidence, as paths and schemas of the OpenAPI document. */
import type { z } from 'zod';
import {
  evidenceHeadSchema,
  evidenceListSchema,
  evidenceReplyRequestSchema,
  evidenceReplySchema,
  evidenceRequestSchema,
  evidenceSchema,
  evidenceSeenRequestSchema,
  evidenceSeenSchema,
} from '../schema';

/** Answers by name. */
export const EVIDENCE_ANSWERS: Record<string, z.ZodType> = {
  Evidence: evidenceSchema,
  EvidenceHead: evidenceHeadSchema,
  EvidenceList: evidenceListSchema,
  EvidenceReply: evidenceReplySchema,
  EvidenceSeen: evidenceSeenSchema,
};

/** Request bodies by name. */
export const EVIDENCE_BODIES: Record<string, z.ZodType> = {
  EvidenceRequest: evidenceRequestSchema,
  EvidenceSeenRequest: evidenceSeenRequestSchema,
  EvidenceReplyRequest: evidenceReplyRequestSchema,
};

const NO_RECORD =
  'There is no such record, or the caller may not see it: reading takes contention.read on its entity';
const error = (description: string) => ({
  description,
  content: {
    'application/json': { schema: { $ref: '#/components/schemas/Error' } },
  },
});
const answer = (description: string, name: string) => ({
  description,
  content: {
    'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
  },
});
const body = (name: string) => ({
  required: true,
  content: {
    'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
  },
});
const id = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};
const signedOut = error('Nobody is signed in');
const query = (name: string, description: string, schema: object) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});

function form(extension: string, type: string, what: string) {
  return {
    get: {
      operationId: `evidence-${extension}`,
      summary: `A frozen record ${what}, also with the sign-in cookie of the portal`,
      parameters: [id],
      responses: {
        200: {
          description: `The record ${what}`,
          content: { [type]: { schema: { type: 'string' } } },
        },
        401: signedOut,
        404: error(NO_RECORD),
      },
    },
  };
}

/** @param entityParameters - the three path parameters that name an entity */
export function evidencePaths(
  entityParameters: object[],
): Record<string, Record<string, unknown>> {
  return {
    '/v1/evidence': {
      post: {
        operationId: 'createEvidence',
        summary: 'Freeze everything the tabs show for an entity and a range',
        requestBody: body('EvidenceRequest'),
        responses: {
          201: answer('It is frozen', 'EvidenceHead'),
          400: error(
            'The request is not valid, the range has not ended yet, or there is no data in it',
          ),
          401: signedOut,
          403: error(
            'The permission contention.read or contention.evidence.create on this entity is missing',
          ),
          404: error('There is no such entity, or the caller may not see it'),
          413: error('The record would be larger than this portal keeps'),
        },
      },
    },
    '/v1/evidence/seen': {
      post: {
        operationId: 'evidenceSeen',
        summary:
          'Say that a link with a fixed range was opened: it is frozen afterwards, once',
        requestBody: body('EvidenceSeenRequest'),
        responses: {
          202: answer('What becomes of it', 'EvidenceSeen'),
          400: error('The request is not valid'),
          401: signedOut,
          403: error(
            'The permission contention.read on this entity is missing',
          ),
          404: error('There is no such entity, or the caller may not see it'),
        },
      },
    },
    '/v1/evidence/{id}': {
      get: {
        operationId: 'evidence',
        summary: 'A frozen record, as the caller may see it',
        parameters: [id],
        responses: {
          200: answer('The record', 'Evidence'),
          401: signedOut,
          404: error(NO_RECORD),
        },
      },
      delete: {
        operationId: 'deleteEvidence',
        summary: 'Delete a record and its replies, for good',
        parameters: [id],
        responses: {
          204: { description: 'It is deleted' },
          401: signedOut,
          403: error(
            'The permission contention.evidence.delete on the entity is missing',
          ),
          404: error(NO_RECORD),
        },
      },
    },
    '/v1/evidence/{id}.json': form('json', 'application/json', 'as JSON'),
    '/v1/evidence/{id}.md': form('md', 'text/markdown', 'as Markdown'),
    '/v1/evidence/{id}.svg': form('svg', 'image/svg+xml', 'as a picture'),
    '/v1/evidence/{id}/replies': {
      post: {
        operationId: 'replyToEvidence',
        summary: 'Append a note in the name of an accused entity',
        parameters: [id],
        requestBody: body('EvidenceReplyRequest'),
        responses: {
          201: answer('The reply', 'EvidenceReply'),
          400: error('The request is not valid'),
          401: signedOut,
          403: error(
            'The caller owns no entity of this name that the record accuses',
          ),
          404: error(NO_RECORD),
          409: error('The record has as many replies as it may'),
        },
      },
    },
    '/v1/entities/{kind}/{namespace}/{name}/evidence': {
      get: {
        operationId: 'evidenceOf',
        summary:
          'Frozen records of an entity, also of one that has left the catalog',
        parameters: [
          ...entityParameters,
          query('from', 'With `to`: only records that overlap this range', {
            type: 'string',
          }),
          query('to', 'ISO 8601 or epoch ms', { type: 'string' }),
          query('cluster', 'Only of this cluster, or of all clusters', {
            type: 'string',
          }),
          query('limit', 'Records in one answer', {
            type: 'integer',
            minimum: 1,
            maximum: 200,
            default: 50,
          }),
          query('offset', 'Records to pass over', {
            type: 'integer',
            minimum: 0,
            default: 0,
          }),
        ],
        responses: {
          200: answer('Heads of records', 'EvidenceList'),
          400: error('The query is not valid'),
          401: signedOut,
          403: error(
            'The permission contention.read on this entity is missing',
          ),
          404: error('There is no such entity, or the caller may not see it'),
        },
      },
    },
  };
}
