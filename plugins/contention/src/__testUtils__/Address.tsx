/** Shows the address, so that tests can read what a reader could copy. */
import { useLocation } from 'react-router-dom';

export function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{`${pathname}${search}`}</output>;
}
