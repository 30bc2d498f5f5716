import type { Culprit } from 'backstage-plugin-contention-common';
import { entitlementText } from './words';

describe('what is said of a culprit that asked for nobody knows what', () => {
  it.each([undefined, 'unknown'] as Array<Culprit['entitlement']>)(
    '%s: that its request is not known, and not that it has none',
    entitlement => {
      const said = entitlementText({ entitlement } as Culprit);
      expect(said).toEqual({
        short: 'request not known',
        meaning: 'Its CPU request is not known',
      });
    },
  );
});
