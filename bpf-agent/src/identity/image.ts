/** What a container runs, in the words of OpenTelemetry. Pure. */
import { ATTRIBUTE } from 'backstage-plugin-contention-common/metrics';
import type { Attributes } from '../otlp/model';

/** Repository, then a tag (no slash in it: that colon is a registry's port), then a digest; the last two may be absent. */
const REFERENCE = /^(.+?)(?::([^/:@]+))?(?:@.+)?$/;

/** Attributes of an image reference such as `registry.example:5000/shop/checkout:4.2.0`. */
export function imageAttributes(reference: string): Attributes {
  const [, name = reference, tag] = REFERENCE.exec(reference) ?? [];
  return {
    [ATTRIBUTE.imageName]: name,
    ...(tag ? { [ATTRIBUTE.imageTags]: [tag] } : {}),
  };
}
