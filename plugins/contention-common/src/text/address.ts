/**
 * An address as a person writes it: `10.0.0.9:5432`, `[fd00::9]:5432`, `10.0.0.9` where no port is known.
 *
 * @public
 */
export function addressText(address: string, port?: number): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
