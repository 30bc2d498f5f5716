/** An error as `ResponseError` of @backstage/errors looks to a page. */
export class FixtureResponseError extends Error {
  readonly body: unknown;

  constructor(
    readonly statusCode: number,
    message: string,
    requestId?: string,
  ) {
    super(`Request failed with ${statusCode}`);
    this.name = 'ResponseError';
    this.body = { error: { name: 'Error', message, requestId } };
  }
}
