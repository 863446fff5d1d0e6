import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

let folder: string;
let production: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'seb-config-'));
  const pem = path.join(folder, 'key.pem');
  writeFileSync(pem, 'a key');
  production = {
    NODE_ENV: 'production',
    SEBADMIN_URL: 'https://sebadmin.example.dk',
    SEBANMOD_URL: 'https://sebanmod.example.dk',
    DATABASE_URL: 'postgres://seb_app:secret@db.example.dk/seb',
    SESSION_SECRET: '0123456789abcdef'.repeat(2),
    SAML_SIGNING_KEY_FILE: pem,
    SAML_SIGNING_CERT_FILE: pem,
    SAML_ENCRYPTION_KEY_FILE: pem,
    SAML_ENCRYPTION_CERT_FILE: pem,
    AUDIT_SEAL_KEY_FILE: pem,
    IDENTITY_PROVIDERS_FILE: providersFile('https://login.nemlog-in.dk/saml'),
    SMTP_URL: 'smtp://mail.example.dk:25',
    MAIL_FROM: 'SEB <ingen-svar@example.dk>',
    CVR_URL: 'http://distribution.virk.dk/cvr-permanent/virksomhed/_search',
    CVR_USER: 'seb',
    CVR_PASSWORD: 'hemmelig',
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function providersFile(address: string): string {
  const file = path.join(folder, `${encodeURIComponent(address)}.json`);
  writeFileSync(file, JSON.stringify([{ singleSignOnUrl: address }]));
  return file;
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
  return [];
}

describe('development', () => {
  const development = { NODE_ENV: 'test' };

  it('needs no variable at all', () => {
    const config = readConfig(development);
    expect(config.sebadminUrl.href).toBe('http://sebadmin.localhost:3000/');
    expect(config).toMatchObject({ sebanmodPort: 3001, listenHost: '127.0.0.1', databaseUrl: null, relaxedCvr: true });
    expect(config.demo).toMatchObject({ mode: 'on', idpPort: 3002, mailPort: 3003, smtpPort: 3025 });
  });

  it('takes the port of the address unless one is named', () => {
    const config = readConfig({
      ...development,
      SEBADMIN_URL: 'http://sebadmin.localhost:4100',
      SEBANMOD_PORT: '4200',
    });
    expect(config).toMatchObject({ sebadminPort: 4100, sebanmodPort: 4200 });
  });

  it('reads an empty value as absent', () => {
    expect(readConfig({ ...development, DATABASE_URL: '', SEBADMIN_PORT: ' ' }).sebadminPort).toBe(3000);
  });

  it('steps down to the role of the application when only one database address is given', () => {
    const config = readConfig({ ...development, DATABASE_URL: 'postgres://me@localhost/seb?sslmode=disable' });
    expect(config.databaseMigrationUrl).toBe('postgres://me@localhost/seb?sslmode=disable');
    expect(config.databaseUrl).toBe('postgres://me@localhost/seb?sslmode=disable&options=-c%20role%3Dseb_app');
  });

  it('uses both database addresses as they are', () => {
    const urls = { DATABASE_URL: 'postgres://seb_app@db/seb', DATABASE_MIGRATION_URL: 'postgres://seb_owner@db/seb' };
    const config = readConfig({ ...development, ...urls });
    expect([config.databaseUrl, config.databaseMigrationUrl]).toEqual(Object.values(urls));
  });

  it('refuses two portals on one host name, whose cookies would be shared', () => {
    const faults = faultsOf({ SEBADMIN_URL: 'http://localhost:3000', SEBANMOD_URL: 'http://localhost:3001' });
    expect(faults).toEqual([expect.stringContaining('different host names')]);
  });

  it('keeps its session secret from one start to the next, readable by its owner only', () => {
    const env = { NODE_ENV: 'development', DATA_DIR: path.join(folder, 'data') };
    expect(readConfig(env).sessionSecret).toBe(readConfig(env).sessionSecret);
    expect(statSync(path.join(folder, 'data', 'session-secret')).mode & 0o777).toBe(0o600);
  });

  it('names every fault at once', () => {
    const faults = faultsOf({ NODE_ENV: 'test', SEBADMIN_PORT: '70000', LOG_LEVEL: 'loud', SMTP_URL: 'http://mail' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['SEBADMIN_PORT', 'SMTP_URL', 'LOG_LEVEL']);
  });
});

describe('production', () => {
  it('starts with what it needs', () => {
    const config = readConfig(production);
    expect(config).toMatchObject({ environmentName: null, listenHost: '0.0.0.0', relaxedCvr: false });
    expect(config.demo.mode).toBe('off');
    expect(config.databaseMigrationUrl).toBeNull();
  });

  it('names everything that is missing at once', () => {
    const faults = faultsOf({ NODE_ENV: 'production', SEBADMIN_PORT: 'x' });
    // One line for the register: what it needs stands in it. Providers may be in the database already.
    const named = ['NODE_ENV', 'CVR_USER', 'CVR_PASSWORD', 'IDENTITY_PROVIDERS_FILE'];
    const missing = Object.keys(production).filter((name) => !named.includes(name));
    expect(faults.map((fault) => fault.split(' ')[0]).toSorted()).toEqual([...missing, 'SEBADMIN_PORT'].toSorted());
  });

  it('reads several keys in the order of their use, each with its certificate', () => {
    const pem = production.SAML_SIGNING_KEY_FILE ?? '';
    const files = { SAML_SIGNING_KEY_FILE: `${pem}, ${pem}`, SAML_SIGNING_CERT_FILE: `${pem},${pem}` };
    expect(readConfig({ ...production, ...files }).saml.signing).toEqual([
      { keyFile: pem, certFile: pem },
      { keyFile: pem, certFile: pem },
    ]);
    const uneven = { ...files, SAML_SIGNING_CERT_FILE: pem };
    expect(faultsOf({ ...production, ...uneven })).toEqual([expect.stringContaining('as many files')]);
  });

  it('trusts no provider of the demo or of this machine, and fetches metadata from no inner network but those named', () => {
    const closed = { hasDemo: false, allowsLocal: false, refusesNemLogIn: false, allowedNetworks: [] };
    expect(readConfig(production).identityProviders).toMatchObject(closed);
    const open = readConfig({ ...production, METADATA_ALLOWED_NETWORKS: '10.20.0.0/16, fd00::/8' });
    expect(open.identityProviders.allowedNetworks).toEqual(['10.20.0.0/16', 'fd00::/8']);
    for (const network of ['10.0.0.0', '10.0.0.0/33', 'intranet/8', '10.0.0.0/8/8'])
      expect(faultsOf({ ...production, METADATA_ALLOWED_NETWORKS: network })).toHaveLength(1);
  });

  it('refuses the demo people and the test identity provider', () => {
    const faults = faultsOf({
      ...production,
      SEB_DEMO: 'on',
      IDENTITY_PROVIDERS_FILE: providersFile('http://idp.localhost:3002/saml'),
    });
    expect(faults).toEqual([expect.stringContaining('SEB_DEMO=on'), expect.stringContaining('idp.localhost')]);
  });

  it('refuses made-up CVR numbers, plain http and key files that are not there', () => {
    const faults = faultsOf({
      ...production,
      CVR_CHECK: 'relaxed',
      SEBADMIN_URL: 'http://sebadmin.example.dk',
      SAML_SIGNING_KEY_FILE: path.join(folder, 'absent.pem'),
    });
    expect(faults).toEqual([
      expect.stringContaining('SEBADMIN_URL must begin with https://'),
      expect.stringContaining('absent.pem, which cannot be read'),
      expect.stringContaining('CVR_CHECK'),
    ]);
  });

  it.each(['not json', '{}'])('refuses a list of identity providers that is %s', (text) => {
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, text);
    expect(faultsOf({ ...production, IDENTITY_PROVIDERS_FILE: file })).toEqual([expect.stringContaining('JSON')]);
  });
});

describe('a test environment in a production build', () => {
  it('may use the test identity provider under a name that every page shows', () => {
    const env = { ...production, SEB_DEMO: 'test-environment', SEB_ENVIRONMENT_NAME: 'Testmiljø' };
    const config = readConfig({ ...env, IDENTITY_PROVIDERS_FILE: providersFile('https://idp.test.example.dk') });
    expect(config).toMatchObject({ environmentName: 'Testmiljø', demo: { mode: 'test-environment' } });
  });

  it('is refused without a name, and beside an identity provider that knows real people', () => {
    expect(faultsOf({ ...production, SEB_DEMO: 'test-environment' })).toEqual([
      expect.stringContaining('SEB_ENVIRONMENT_NAME'),
      expect.stringContaining('login.nemlog-in.dk'),
    ]);
  });

  it('is refused outside production', () => {
    expect(faultsOf({ NODE_ENV: 'test', SEB_DEMO: 'test-environment' })).toHaveLength(1);
  });
});

describe('the company register', () => {
  const { CVR_URL, CVR_USER, CVR_PASSWORD } = {
    CVR_URL: 'http://distribution.virk.dk/cvr-permanent/virksomhed/_search',
    CVR_USER: 'seb',
    CVR_PASSWORD: 'hemmelig',
  };

  it('is a file of demo companies in development', () => {
    expect(readConfig({ NODE_ENV: 'test' }).cvr).toMatchObject({ source: 'file' });
  });

  it('is refused in production unless it is named, or the file is chosen', () => {
    const { CVR_URL: _url, CVR_USER: _user, CVR_PASSWORD: _password, ...without } = production;
    expect(faultsOf(without)).toEqual([expect.stringMatching(/^CVR_URL is missing: .*CVR_SOURCE=file/)]);
    expect(readConfig({ ...without, CVR_SOURCE: 'file' }).cvr).toMatchObject({ source: 'file' });
    expect(readConfig(production).cvr).toEqual({
      source: 'distribution',
      url: CVR_URL,
      user: CVR_USER,
      password: CVR_PASSWORD,
      timeoutMs: 5000,
    });
  });

  it.each([
    [{ CVR_URL }, ['CVR_USER', 'CVR_PASSWORD']],
    [{ CVR_SOURCE: 'distribution' }, ['CVR_URL', 'CVR_USER', 'CVR_PASSWORD']],
    [{ CVR_URL: 'http://seb:hemmelig@cvr.example/_search', CVR_USER, CVR_PASSWORD }, ['CVR_URL']],
    [{ CVR_URL: 'ftp://cvr.example', CVR_USER, CVR_PASSWORD }, ['CVR_URL']],
  ])('is refused by halves: %j', (env, faulty) => {
    expect(
      faultsOf({ NODE_ENV: 'test', ...(env as Record<string, string>) }).map((fault) => fault.split(' ')[0]),
    ).toEqual(faulty);
  });
});
