/**
 * Adds start-up options (`-c name=value …`) to a connection address, keeping those that it has.
 * node-postgres lets the address win over an `options` field, so settings that must hold belong in the address.
 */
export function withSessionOptions(connectionUrl: string, options: string): string {
  const url = new URL(connectionUrl);
  const present = url.searchParams.get('options');
  url.searchParams.set('options', present ? `${present} ${options}` : options);
  // libpq and node-postgres read '+' as a plus sign, not as a space.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}
