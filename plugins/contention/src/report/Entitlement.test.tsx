import { render, screen } from '@testing-library/react';
import type { Culprit } from 'backstage-plugin-contention-common';
import { InWords } from '../__testUtils__/InWords';
import { Entitlement } from './Entitlement';

describe('whether a culprit stayed within what it asked for', () => {
  it.each([undefined, 'unknown'] as Array<Culprit['entitlement']>)(
    '%s: its request is not known, which is not to say that it has none',
    entitlement => {
      render(<Entitlement entitlement={entitlement} cpuMean={0.2} />, {
        wrapper: InWords,
      });
      expect(screen.getByText('request not known')).toBeVisible();
      expect(screen.queryByText(/too full/)).toBeNull();
    },
  );

  it('within: the node is too full', () => {
    render(<Entitlement entitlement="within" cpuMean={0.2} cpuRequest={1} />, {
      wrapper: InWords,
    });
    expect(screen.getByText(/of 1.CPU: the node is too full/)).toBeVisible();
  });
});
