export function batchesPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/aendringer${rest}`;
}

/** From the message after a change to its own page, where it can be undone. */
export function batchLink(organisation: { cvr: string }, reference: string): { href: string; label: string } {
  return { href: batchesPath(organisation, `/${reference}`), label: 'Se eller fortryd ændringen' };
}
