/** Why a request is turned away, in HTTP and in google.rpc words. */
import { RPC_CODE } from '../otlp';

export class IngestError extends Error {
  constructor(
    readonly status: number,
    readonly rpcCode: number,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'IngestError';
  }

  static badRequest(message: string): IngestError {
    return new IngestError(400, RPC_CODE.invalidArgument, message);
  }

  static tooLarge(message: string): IngestError {
    return new IngestError(413, RPC_CODE.invalidArgument, message);
  }

  static unsupported(message: string): IngestError {
    return new IngestError(415, RPC_CODE.invalidArgument, message);
  }

  static forbidden(message: string): IngestError {
    return new IngestError(403, RPC_CODE.permissionDenied, message);
  }

  static busy(message: string): IngestError {
    return new IngestError(503, RPC_CODE.unavailable, message, 5);
  }
}
