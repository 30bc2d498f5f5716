/** The part of the OpenAPI document that leads from a name and a time to a page. */
import type { ResolveKey } from '../schema';

const SUBJECTS: Record<ResolveKey, string> = {
  cluster: 'Only there',
  namespace: 'Only there; narrows down a pod or a workload',
  pod: 'Name of a pod, or namespace/name',
  container:
    'Id of a container, with or without its scheme, whole or its first 12 digits or more; or the name of one in the pod',
  ip: 'Address of a pod, with or without a port; who had it at that time',
  node: 'Name of a node: everything that lived there',
  workload: 'Name of a workload, or kind/name',
  service:
    "Entity: its reference, name, title, backstage.io/kubernetes-id or PagerDuty's service id",
};

const TIMES = {
  at: 'The moment: half an hour before it and a quarter of an hour after it are shown',
  from: 'Start of the range',
  to: 'End of the range',
};

const FORMS =
  'epoch seconds, milliseconds, microseconds or nanoseconds, ISO 8601 with or without an offset (without: UTC), or as Go prints it';

export function resolvePaths(errors: Record<string, object>) {
  const parameter = (name: string, description: string) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema: { type: 'string' },
  });
  const { 404: _none, ...refused } = errors;
  return {
    '/v1/resolve': {
      get: {
        operationId: 'resolve',
        summary: 'From what an alert tool knows to the page of an entity',
        parameters: [
          ...Object.entries(SUBJECTS).map(([name, text]) =>
            parameter(name, text),
          ),
          ...Object.entries(TIMES).map(([name, text]) =>
            parameter(name, `${text}; ${FORMS}`),
          ),
        ],
        responses: {
          200: {
            description:
              'One page, a choice, or what is nearest. What the caller may not see is absent, as if it did not exist',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ResolveAnswer' },
              },
            },
          },
          ...refused,
        },
      },
    },
  };
}
