/**
 * Whether a request comes from the tool that it says it comes from. Pure.
 *
 * PagerDuty signs: `X-PagerDuty-Signature` has one or more `v1=<hex>` with commas between, each an HMAC-SHA256 of the raw
 * body; several while a secret is being changed (https://developer.pagerduty.com/docs/webhooks-signatures). Opsgenie and
 * Alertmanager sign nothing: they send an `Authorization` header that was set up in them.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Proof } from './settings';

export interface ProvenRequest {
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** As it came over the wire. */
  body: Buffer;
}

export function isProven(proof: Proof, { headers, body }: ProvenRequest) {
  if (proof.type === 'header') {
    const given = one(headers.authorization);
    return proof.authorizations.some(known => isSame(known, given));
  }
  const given = one(headers['x-pagerduty-signature'])
    .split(',')
    .map(signature => signature.trim())
    .filter(signature => signature.startsWith('v1='));
  return proof.secrets.some(secret => {
    const digest = createHmac('sha256', secret).update(body).digest('hex');
    return given.some(signature => isSame(`v1=${digest}`, signature));
  });
}

function one(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '');
}

/** Takes as long whatever is given; lengths are made the same by hashing. */
function isSame(known: string, given: string): boolean {
  const [a, b] = [known, given].map(text =>
    createHash('sha256').update(text).digest(),
  );
  return timingSafeEqual(a, b);
}
