import { latencyQuerySchema, throttlingReportSchema } from '../schema';
import { buildOpenApiDocument } from './document';

describe('the OpenAPI document', () => {
  const document = buildOpenApiDocument();

  it('is OpenAPI 3.1 and describes every call of the interface', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/otlp/v1/metrics',
      '/v1/coverage',
      '/v1/entities/{kind}/{namespace}/{name}/diagnosis',
      '/v1/entities/{kind}/{namespace}/{name}/evidence',
      '/v1/entities/{kind}/{namespace}/{name}/latency',
      '/v1/entities/{kind}/{namespace}/{name}/neighbours',
      '/v1/entities/{kind}/{namespace}/{name}/pairs',
      '/v1/entities/{kind}/{namespace}/{name}/peers',
      '/v1/entities/{kind}/{namespace}/{name}/throttling',
      '/v1/evidence',
      '/v1/evidence/seen',
      '/v1/evidence/{id}',
      '/v1/evidence/{id}.json',
      '/v1/evidence/{id}.md',
      '/v1/evidence/{id}.svg',
      '/v1/evidence/{id}/replies',
      '/v1/health',
      '/v1/nodes',
      '/v1/nodes/{cluster}/{node}',
      '/v1/resolve',
    ]);
  });

  it('has a schema behind every reference', () => {
    const { schemas } = document.components as {
      schemas: Record<string, unknown>;
    };
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g),
    ].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1];
      expect(schemas).toHaveProperty(name!);
    }
  });

  it('says the same as the schemas that the client checks with', () => {
    const { schemas } = document.components as {
      schemas: Record<string, { properties: object; required: string[] }>;
    };
    expect(Object.keys(schemas.ThrottlingReport.properties).sort()).toEqual(
      Object.keys(throttlingReportSchema.shape).sort(),
    );
    expect(schemas.ThrottlingReport.required).toContain('verdict');
    expect(schemas.ThrottlingReport.required).not.toContain('cluster');
  });

  it('says how every report can be asked for the time up to now', () => {
    const { parameters } = document.paths[
      '/v1/entities/{kind}/{namespace}/{name}/neighbours'
    ].get as { parameters: Array<{ name: string; in: string }> };
    const query = parameters.filter(parameter => parameter.in === 'query');
    expect(query.map(({ name }) => name)).toEqual([
      'from',
      'to',
      'last',
      'step',
      'cluster',
      'direction',
      'resource',
    ]);
  });

  it('says how the latency report is asked for one role and a selection', () => {
    const { parameters } = document.paths[
      '/v1/entities/{kind}/{namespace}/{name}/latency'
    ].get as { parameters: Array<{ name: string; in: string }> };
    const names = parameters.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(Object.keys(latencyQuerySchema.shape)),
    );
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
