import { isIP } from 'node:net';
import path from 'node:path';
import type { Settings } from './config.ts';

// What config.ts makes of the settings of the login.

/** Each key with its certificate, the one in use first; in development the one that is made by itself. */
export function keyFiles(dataDir: string, name: string, keys?: string[], certificates?: string[]) {
  const made = path.join(dataDir, 'saml', name);
  return (keys ?? [`${made}.key.pem`]).map((keyFile, index) => ({
    keyFile,
    certFile: (certificates ?? [`${made}.cert.pem`])[index] ?? '',
  }));
}

/** Whom the rows of the database may make trusted here, and where their metadata may be fetched from. */
export function providerPolicy({ NODE_ENV, SEB_DEMO, METADATA_ALLOWED_NETWORKS, METADATA_TIMEOUT_MS }: Settings) {
  const production = NODE_ENV === 'production';
  const hasDemo = (SEB_DEMO ?? (production ? 'off' : 'on')) !== 'off';
  return {
    hasDemo,
    allowsLocal: hasDemo || !production,
    refusesNemLogIn: SEB_DEMO === 'test-environment',
    allowedNetworks: METADATA_ALLOWED_NETWORKS ?? (production ? [] : ['127.0.0.0/8', '::1/128']),
    timeoutMs: METADATA_TIMEOUT_MS,
  };
}

export function isNetwork(text: string): boolean {
  const [base = '', bits = '', ...rest] = text.split('/');
  const most = isIP(base) === 4 ? 32 : isIP(base) === 6 ? 128 : -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/** Keys and certificates are named in the same order. */
export function keyFaults(settings: Settings): string[] {
  const kinds = [
    ['SAML_SIGNING', settings.SAML_SIGNING_KEY_FILE, settings.SAML_SIGNING_CERT_FILE],
    ['SAML_ENCRYPTION', settings.SAML_ENCRYPTION_KEY_FILE, settings.SAML_ENCRYPTION_CERT_FILE],
  ] as const;
  return kinds
    .filter(([, keys, certificates]) => keys !== undefined && certificates !== undefined)
    .filter(([, keys, certificates]) => keys?.length !== certificates?.length)
    .map(([name]) => `${name}_KEY_FILE and ${name}_CERT_FILE must name as many files, in the same order`);
}
