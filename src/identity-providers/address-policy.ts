/** Which addresses an identity provider may have here. */
export type AddressPolicy = {
  /** Plain http for hosts of this machine alone (*.localhost): development and test environments. */
  allowsLocal: boolean;
  /** The demo signs anybody in, so it never stands beside a provider that knows real people. */
  refusesNemLogIn: boolean;
};

/** Why an address cannot be used, in Danish; null when it can. */
export function addressFault(text: string, { allowsLocal, refusesNemLogIn }: AddressPolicy): string | null {
  const url = URL.parse(text);
  if (url === null || text.length > 1000 || !/^[!-~]+$/.test(text)) return 'den er ikke en webadresse';
  if (url.username !== '' || url.password !== '') return 'den må ikke indeholde navn og adgangskode';
  const host = url.hostname.replace(/\.$/, '');
  if (isThisMachine(host) && !allowsLocal) return `${host} er denne maskine selv`;
  if (refusesNemLogIn && (host === 'nemlog-in.dk' || host.endsWith('.nemlog-in.dk')))
    return `${host} må ikke bruges i et testmiljø`;
  if (url.protocol === 'https:') return null;
  const isLocalHttp = url.protocol === 'http:' && isThisMachine(host) && allowsLocal;
  return isLocalHttp ? null : 'den skal begynde med https://';
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host.startsWith('127.');
}
