/** The bytes of a request, inflated. Stops reading at a limit instead of finding out afterwards. */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Transform, Writable, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { IngestError } from './errors';

export interface BodyLimits {
  maxBodyBytes: number;
  maxInflatedBytes: number;
}

/**
 * Reads a body that is plain or gzip.
 * @throws IngestError 413 beyond a limit, 415 for another encoding, 400 for damaged gzip
 */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim();
  const isGzip = /^gzip$/i.test(encoding);
  if (!isGzip && !/^identity$/i.test(encoding)) {
    throw IngestError.unsupported(
      `content-encoding '${encoding}' is not understood; use gzip or none`,
    );
  }
  const tooLong = () =>
    IngestError.tooLarge(
      `the body is longer than ${limits.maxBodyBytes} bytes`,
    );
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes) {
    throw tooLong();
  }
  const collected: Buffer[] = [];
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      collected.push(chunk);
      done();
    },
  });
  const wire = atMost(limits.maxBodyBytes, tooLong);
  try {
    if (isGzip) {
      const inflated = atMost(limits.maxInflatedBytes, () =>
        IngestError.tooLarge(
          `the body is longer than ${limits.maxInflatedBytes} bytes when decompressed`,
        ),
      );
      await pipeline(request, wire, createGunzip(), inflated, collect);
    } else {
      await pipeline(request, wire, collect);
    }
  } catch (error) {
    if (error instanceof IngestError) throw error;
    const code = String((error as NodeJS.ErrnoException).code ?? '');
    if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
      throw IngestError.badRequest(
        code.startsWith('Z_')
          ? `the gzip body is damaged: ${(error as Error).message}`
          : `the body ended early`,
      );
    }
    throw error;
  }
  return Buffer.concat(collected);
}

/** Passes bytes on and fails with the first one too many. */
function atMost(limit: number, fail: () => Error): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      seen += chunk.length;
      if (seen > limit) done(fail());
      else done(null, chunk);
    },
  });
}
