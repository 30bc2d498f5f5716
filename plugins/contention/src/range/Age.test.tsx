import { act, render, screen } from '@testing-library/react';
import type { Freshness } from 'backstage-plugin-contention-common';
import { InWords } from '../__testUtils__/InWords';
import { Age } from './Age';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const FRESH = 'rgb(58, 157, 93)';
const OLD = 'rgb(208, 135, 0)';

function freshness(ageSeconds: number, stale = false): Freshness {
  return { newest: NOW - ageSeconds * 1000, ageSeconds, stale, staleNodes: [] };
}

const dot = () => screen.getByText(/^data/).querySelector('[aria-hidden]');

function pass(seconds: number) {
  act(() => {
    jest.advanceTimersByTime(seconds * 1000);
  });
}

describe('the dot beside the age of the data', () => {
  beforeEach(() => jest.useFakeTimers({ now: NOW }));
  afterEach(() => jest.useRealTimers());

  it('turns by itself once no answer comes any more', () => {
    render(
      <Age freshness={freshness(12)} receivedAtMs={NOW} refreshMs={10_000} />,
      { wrapper: InWords },
    );
    pass(10);
    expect(dot()).toHaveStyle({ background: FRESH });
    pass(40 * 60);
    expect(screen.getByText('data 40 min old')).toBeVisible();
    expect(dot()).toHaveStyle({ background: OLD });
  });

  it('does not turn while the next answer is not due', () => {
    render(
      <Age freshness={freshness(20)} receivedAtMs={NOW} refreshMs={300_000} />,
      { wrapper: InWords },
    );
    pass(290);
    expect(dot()).toHaveStyle({ background: FRESH });
    pass(60);
    expect(dot()).toHaveStyle({ background: OLD });
  });

  it('is what the backend says of a fixed range: its data cannot grow old', () => {
    render(<Age freshness={freshness(12)} receivedAtMs={NOW} />, {
      wrapper: InWords,
    });
    pass(600);
    expect(dot()).toHaveStyle({ background: FRESH });
  });

  it('is old at once when the backend says so', () => {
    render(
      <Age
        freshness={freshness(36, true)}
        receivedAtMs={NOW}
        refreshMs={300_000}
      />,
      { wrapper: InWords },
    );
    expect(dot()).toHaveStyle({ background: OLD });
  });
});
