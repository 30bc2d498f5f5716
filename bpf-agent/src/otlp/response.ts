/** What a receiver says to an export: which points it refused, or why it refused them all. */
import { Reader } from 'protobufjs/minimal';

/** `ExportMetricsPartialSuccess`; both fields may be empty for plain success. */
export interface PartialSuccess {
  rejectedPoints: number;
  message: string;
}

const NOTHING: PartialSuccess = { rejectedPoints: 0, message: '' };

function fromProtobuf(body: Uint8Array): PartialSuccess {
  const reader = Reader.create(body);
  const result = { ...NOTHING };
  while (reader.pos < reader.len) {
    const outer = reader.uint32();
    if (outer !== 1 * 8 + 2) {
      reader.skipType(outer % 8);
      continue;
    }
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) {
      const inner = reader.uint32();
      if (inner === 1 * 8 + 0) result.rejectedPoints = Number(reader.int64());
      else if (inner === 2 * 8 + 2) result.message = reader.string();
      else reader.skipType(inner % 8);
    }
  }
  return result;
}

function fromJson(body: Uint8Array): PartialSuccess {
  const parsed = JSON.parse(Buffer.from(body).toString('utf8'));
  const partial = parsed?.partialSuccess ?? {};
  return {
    rejectedPoints: Number(partial.rejectedDataPoints ?? 0),
    message: String(partial.errorMessage ?? ''),
  };
}

/**
 * Reads the body of a 2xx answer.
 * @throws when the body is neither of the two encodings that its content type names
 */
export function readPartialSuccess(
  contentType: string,
  body: Uint8Array,
): PartialSuccess {
  if (body.length === 0) return NOTHING;
  if (contentType.includes('json')) return fromJson(body);
  if (contentType.includes('protobuf')) return fromProtobuf(body);
  return NOTHING;
}

/** The reason in the body of a refusal: `google.rpc.Status` in either encoding, Backstage's error JSON, or text. */
export function readRefusal(contentType: string, body: Uint8Array): string {
  if (contentType.includes('protobuf')) {
    const reader = Reader.create(body);
    while (reader.pos < reader.len) {
      const key = reader.uint32();
      if (key === 2 * 8 + 2) return reader.string();
      reader.skipType(key % 8);
    }
    return '';
  }
  const text = Buffer.from(body).toString('utf8');
  if (contentType.includes('json')) {
    try {
      const parsed = JSON.parse(text);
      return String(parsed?.error?.message ?? parsed?.message ?? text);
    } catch {
      return text; // It said JSON and was not: its own words still say most.
    }
  }
  return text;
}
