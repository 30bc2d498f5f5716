import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { Link, useLocation } from 'react-router-dom';
import { formatEndpoint } from './range';
import { RangeMemory, rangeMemoryApiRef } from './rangeMemory';
import { useRange } from './useRange';

function Page({ entityRef }: { entityRef: string }) {
  const { spec, cluster } = useRange(entityRef);
  return (
    <>
      <output data-testid="range">
        {formatEndpoint(spec.from)} {formatEndpoint(spec.to)} {cluster}
      </output>
      <output data-testid="address">{useLocation().search}</output>
      <Link to="/">another tab</Link>
    </>
  );
}

const shown = () => screen.getByTestId('range').textContent;
const address = () => screen.getByTestId('address').textContent;

describe('the range on an entity page', () => {
  it('stays while one goes from tab to tab, and is in the address of each', async () => {
    const memory = new RangeMemory();
    renderInTestApp(<Page entityRef="component:default/a" />, {
      apis: [[rangeMemoryApiRef, memory]],
      initialRouteEntries: ['/?from=now-6h&to=now&cluster=demo'],
    });
    expect(shown()).toBe('now-6h now demo');
    await userEvent.click(screen.getByRole('link', { name: 'another tab' }));
    expect(shown()).toBe('now-6h now demo');
    expect(address()).toBe('?from=now-6h&to=now&cluster=demo');
  });

  it('is not the range of another entity', async () => {
    const memory = new RangeMemory();
    memory.remember('component:default/a', { from: 'now-6h', to: 'now' });
    renderInTestApp(<Page entityRef="component:default/b" />, {
      apis: [[rangeMemoryApiRef, memory]],
    });
    expect(shown()).toBe('now-1h now ');
  });

  it('is what a link says, whatever was looked at before', async () => {
    const memory = new RangeMemory();
    memory.remember('component:default/a', { from: 'now-6h', to: 'now' });
    renderInTestApp(<Page entityRef="component:default/a" />, {
      apis: [[rangeMemoryApiRef, memory]],
      initialRouteEntries: ['/?from=now-15m&to=now'],
    });
    expect(shown()).toBe('now-15m now ');
  });
});
