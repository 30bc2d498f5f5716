/** JSON with one form only (RFC 8785, JSON Canonicalization Scheme), so that its hash can be made again. Pure. */
import { createHash } from 'node:crypto';

/**
 * Members sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them, which is what the RFC
 * asks for. Members that are `undefined` do not exist.
 * @throws TypeError on what JSON cannot say: NaN, infinities, functions
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`;
  }
  if (typeof value !== 'object') {
    throw new TypeError(`a ${typeof value} is not JSON`);
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of text as UTF-8, or of bytes; hex. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Ids are the first half of a hash: 128 bits. */
export function idOf(hash: string): string {
  return hash.slice(0, 32);
}
