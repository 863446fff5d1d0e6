import { accessSync, constants, readFileSync } from 'node:fs';
import type { Settings } from './config.ts';

const obligatory = {
  SEBADMIN_URL: 'set it to the public address of sebadmin',
  SEBANMOD_URL: 'set it to the public address of sebanmod',
  DATABASE_URL: "set it to the application's role on the PostgreSQL server; the embedded database is for development",
  SESSION_SECRET: 'set it to at least 32 random characters, e.g. from `openssl rand -hex 32`',
  SAML_SIGNING_KEY_FILE: 'set it to the PEM file of the key that signs SAML requests',
  SAML_SIGNING_CERT_FILE: 'set it to the PEM file of the certificate of the signing key',
  SAML_ENCRYPTION_KEY_FILE: 'set it to the PEM file of the key that decrypts SAML assertions',
  SAML_ENCRYPTION_CERT_FILE: 'set it to the PEM file of the certificate of the encryption key',
  AUDIT_SEAL_KEY_FILE: 'set it to the PEM file of the Ed25519 key that seals the log',
  SMTP_URL: 'set it to the mail server, e.g. smtp://mail.example.dk:25',
  MAIL_FROM: 'set it to the sender of the mails, e.g. SEB <ingen-svar@example.dk>',
} as const;

const keyFiles = [
  'SAML_SIGNING_KEY_FILE',
  'SAML_SIGNING_CERT_FILE',
  'SAML_ENCRYPTION_KEY_FILE',
  'SAML_ENCRYPTION_CERT_FILE',
  'AUDIT_SEAL_KEY_FILE',
  'AUDIT_SEAL_OLD_KEYS_FILE',
] as const;

/** What makes the environment unfit for production; empty in development and tests. */
export function productionFaults(settings: Settings, given: Record<string, string | undefined>): string[] {
  if (settings.NODE_ENV !== 'production') {
    return settings.SEB_DEMO === 'test-environment' ? ['SEB_DEMO=test-environment is for NODE_ENV=production'] : [];
  }
  const missing = Object.entries(obligatory)
    .filter(([name]) => !given[name])
    .map(([name, advice]) => `${name} is missing: ${advice}`);
  return [
    ...missing,
    ...addressFaults(settings, given),
    ...fileFaults(settings),
    ...registerFaults(settings),
    ...demoFaults(settings),
  ];
}

/** Names of organisations come from CVR alone: a file of companies instead must be somebody's decision. */
function registerFaults({ CVR_SOURCE, CVR_URL }: Settings): string[] {
  if (CVR_SOURCE !== undefined || CVR_URL !== undefined) return [];
  return [
    'CVR_URL is missing: set it with CVR_USER and CVR_PASSWORD to ask the CVR distribution, or CVR_SOURCE=file to look companies up in CVR_FILE',
  ];
}

function addressFaults(settings: Settings, given: Record<string, string | undefined>): string[] {
  if (settings.SEB_DEMO === 'test-environment') return [];
  return (['SEBADMIN_URL', 'SEBANMOD_URL'] as const)
    .filter((name) => given[name] && settings[name].protocol !== 'https:')
    .map((name) => `${name} must begin with https:// in production: the session cookie is sent over https only`);
}

function fileFaults(settings: Settings): string[] {
  return keyFiles.flatMap((name) => {
    const files = [settings[name] ?? []].flat();
    return files.filter((file) => !isReadable(file)).map((file) => `${name} names ${file}, which cannot be read`);
  });
}

function demoFaults(settings: Settings): string[] {
  if (settings.SEB_DEMO === 'test-environment') return testEnvironmentFaults(settings);
  const faults: string[] = [];
  if (settings.CVR_CHECK === 'relaxed') {
    faults.push('CVR_CHECK=relaxed lets made-up CVR numbers in, which production refuses: remove it');
  }
  if (settings.SEB_DEMO === 'on') {
    faults.push(
      'SEB_DEMO=on starts the test identity provider and the demo people, which production refuses: remove it',
    );
  }
  // Without it the providers are those of the database; main.ts stops where there are none there either.
  if (!settings.IDENTITY_PROVIDERS_FILE) return faults;
  const hosts = providerHosts(settings.IDENTITY_PROVIDERS_FILE);
  if (typeof hosts === 'string') return [...faults, hosts];
  const local = hosts.filter((host) => isLocal(host) || host === settings.IDP_URL.hostname);
  if (local.length > 0) {
    faults.push(`IDENTITY_PROVIDERS_FILE trusts the test identity provider (${local.join(', ')}): remove it`);
  }
  return faults;
}

/** The demo identity provider signs anybody in, so it never stands beside a provider that knows real people. */
function testEnvironmentFaults(settings: Settings): string[] {
  const faults: string[] = [];
  if (!settings.SEB_ENVIRONMENT_NAME) {
    faults.push('SEB_ENVIRONMENT_NAME is missing: SEB_DEMO=test-environment needs a name that every page shows');
  }
  if (!settings.IDENTITY_PROVIDERS_FILE) return faults;
  const hosts = providerHosts(settings.IDENTITY_PROVIDERS_FILE);
  if (typeof hosts === 'string') return [...faults, hosts];
  const real = hosts.filter((host) => host === 'nemlog-in.dk' || host.endsWith('.nemlog-in.dk'));
  if (real.length > 0) {
    faults.push(`SEB_DEMO=test-environment is refused beside ${real.join(', ')} in IDENTITY_PROVIDERS_FILE`);
  }
  return faults;
}

/** The host names of all addresses in the file; a sentence when it cannot be read. */
function providerHosts(file: string): string[] | string {
  try {
    const text = readFileSync(file, 'utf8');
    if (!Array.isArray(JSON.parse(text))) return `IDENTITY_PROVIDERS_FILE (${file}) must be a JSON list`;
    const addresses = text.match(/https?:\/\/[^\s"'<>\\]+/g) ?? [];
    return [...new Set(addresses.flatMap((address) => URL.parse(address)?.hostname ?? []))];
  } catch {
    return `IDENTITY_PROVIDERS_FILE (${file}) cannot be read as JSON`;
  }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host.startsWith('127.');
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
