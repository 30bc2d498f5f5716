import { addressText } from './address';

it.each([
  ['10.0.0.1', 80, '10.0.0.1:80'],
  ['fd00::1', 80, '[fd00::1]:80'],
  ['fd00::1', undefined, 'fd00::1'],
])('%s and port %s: %s', (address, port, text) => {
  expect(addressText(address, port)).toBe(text);
});
