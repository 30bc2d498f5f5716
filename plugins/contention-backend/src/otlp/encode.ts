/** What an OTLP client gets back, in the encoding that it spoke. */
import { responseType, statusType } from './descriptor';

export type OtlpEncoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Record<OtlpEncoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export interface PartialSuccess {
  rejectedDataPoints: number;
  errorMessage: string;
}

/** An `ExportMetricsServiceResponse`; without `partialSuccess` everything was taken. */
export function encodeResponse(
  encoding: OtlpEncoding,
  partialSuccess?: PartialSuccess,
): Buffer {
  const message = partialSuccess ? { partialSuccess } : {};
  return encoding === 'protobuf'
    ? Buffer.from(responseType.encode(responseType.create(message)).finish())
    : Buffer.from(JSON.stringify(message));
}

/** Codes of google.rpc.Status that we use. */
export const RPC_CODE = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A `google.rpc.Status`, as OTLP/HTTP asks for in every failure. */
export function encodeStatus(
  encoding: OtlpEncoding,
  code: number,
  message: string,
): Buffer {
  return encoding === 'protobuf'
    ? Buffer.from(
        statusType.encode(statusType.create({ code, message })).finish(),
      )
    : Buffer.from(JSON.stringify({ code, message }));
}
