import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isNetwork, keyFaults, keyFiles, providerPolicy } from './config.login.ts';
import { cvrFaults } from './config.cvr.ts';
import { productionFaults } from './config.production.ts';
import type { CvrSettings } from './cvr/register.ts';
import { withSessionOptions } from './db/connection-url.ts';

export type Config = ReturnType<typeof buildConfig>;
export type Settings = z.output<typeof environment>;

/** Every fault of the environment at once, one line each, so that nobody has to start the system ten times. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration cannot be used:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const projectRoot = path.resolve(import.meta.dirname, '..');

const wholeNumber = (least: number, most: number) =>
  z.coerce.number('must be a whole number').int('must be a whole number').min(least).max(most);
const port = wholeNumber(1, 65535);
const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://sebadmin.example.dk' })
  .transform((text) => new URL(text))
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '', 'must be an address without a path');
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host/name' });
/** Networks as 10.20.0.0/16, with commas between them. */
const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), 'must be networks such as 10.20.0.0/16, with commas between them');
/** Files with commas between them, in the order of their use. */
const fileList = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => path.resolve(one)),
);
const file = z.string().transform((text) => path.resolve(text));

/** Three rising numbers of working days, e.g. "2,4,6". */
const workingDays = z
  .string()
  .regex(/^\d{1,2},\d{1,2},\d{1,2}$/, 'must be three numbers of working days such as 2,4,6')
  .transform((text): [number, number, number] => {
    const [first = 0, second = 0, third = 0] = text.split(',').map(Number);
    return [first, second, third];
  })
  .refine(([a, b, c]) => 0 < a && a <= b && b <= c, 'must be three rising numbers of working days such as 2,4,6');

/** Every variable that the system reads. An empty value counts as absent, as compose files write it. */
const variables = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  SEB_ENVIRONMENT_NAME: z.string().max(40).optional(),
  SEBADMIN_URL: webUrl.default(new URL('http://sebadmin.localhost:3000')),
  SEBANMOD_URL: webUrl.default(new URL('http://sebanmod.localhost:3001')),
  SEBADMIN_PORT: port.optional(),
  SEBANMOD_PORT: port.optional(),
  SEB_HOST: z.string().optional(),
  IDP_URL: webUrl.default(new URL('http://idp.localhost:3002')),
  MAIL_URL: webUrl.default(new URL('http://mail.localhost:3003')),
  DEMO_SMTP_PORT: port.default(3025),
  SEB_DEMO: z.enum(['on', 'off', 'test-environment']).optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_MIGRATION_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
  DATA_DIR: file.default(path.join(projectRoot, '.seb')),
  SESSION_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .refine((secret) => new Set(secret).size >= 10, 'must be random: the same few characters repeat')
    .optional(),
  SESSION_IDLE_MINUTES: wholeNumber(1, 24 * 60).default(30),
  SESSION_ABSOLUTE_HOURS: wholeNumber(1, 24).default(8),
  STEP_UP_MINUTES: wholeNumber(1, 24 * 60).default(15),
  STEP_UP_BULK_SIZE: wholeNumber(1, 1_000_000).default(100),
  REQUEST_ESCALATION_DAYS: workingDays.default([2, 4, 6]),
  SAML_SP_ENTITY_ID_SEBADMIN: z.string().optional(),
  SAML_SP_ENTITY_ID_SEBANMOD: z.string().optional(),
  SAML_SIGNING_KEY_FILE: fileList.optional(),
  SAML_SIGNING_CERT_FILE: fileList.optional(),
  SAML_ENCRYPTION_KEY_FILE: fileList.optional(),
  SAML_ENCRYPTION_CERT_FILE: fileList.optional(),
  SAML_MIN_LEVEL: z.enum(['Low', 'Substantial', 'High']).default('Substantial'),
  IDENTITY_PROVIDERS_FILE: file.optional(),
  AUDIT_SEAL_KEY_FILE: file.optional(),
  AUDIT_SEAL_OLD_KEYS_FILE: file.optional(),
  METADATA_ALLOWED_NETWORKS: networks.optional(),
  METADATA_TIMEOUT_MS: wholeNumber(100, 60_000).default(10_000),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must look like smtp://host:25' }).optional(),
  MAIL_FROM: z.string().max(200).default('SEB <ingen-svar@seb.localhost>'),
  MAIL_BOUNCE_ADDRESS: z.email('must be one plain e-mail address').optional(),
  SERVICEDESK_EMAIL: z.email('must be an e-mail address').default('servicedesk@sundhedsdata.dk'),
  SERVICEDESK_PHONE: z.string().max(40).default('+45 3332 3900'),
  SERVICEDESK_HOURS: z.string().max(200).default('Hverdage kl. 8-16'),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  BULK_ASSIGNMENTS_IN_REQUEST: wholeNumber(1, 60_000).default(500),
  REPORT_ROWS_AT_ONCE: wholeNumber(1, 20_000).default(2000),
  CVR_CHECK: z.enum(['strict', 'relaxed']).optional(),
  CVR_SOURCE: z.enum(['distribution', 'file']).optional(),
  CVR_URL: z
    .url({ protocol: /^https?$/, error: 'must be the address that is searched, ending in /_search' })
    .optional(),
  CVR_USER: z.string().max(200).optional(),
  CVR_PASSWORD: z.string().max(200).optional(),
  CVR_TIMEOUT_MS: wholeNumber(100, 60_000).default(5_000),
  CVR_FILE: file.default(path.join(projectRoot, 'prisma/seed/cvr-companies.json')),
};
const environment = z.object(variables);

/** Reads the environment; throws ConfigError with every fault when it cannot be used. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const read = environment.safeParse(given);
  const faults = read.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
  // The rules for production are judged on what can be read, so that both kinds of fault come in one list.
  const settings = read.data ?? readableSettings(given);
  faults.push(...alwaysFaults(settings), ...productionFaults(settings, given));
  if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return buildConfig(settings);
}

/** What a migration needs: it runs where nothing else of the system is configured. */
export function readMigrationConfig(env: NodeJS.ProcessEnv = process.env): Pick<Config, MigrationFields> {
  const names = ['NODE_ENV', 'DATA_DIR', 'DATABASE_URL', 'DATABASE_MIGRATION_URL', 'CVR_CHECK'];
  const given = names.flatMap((name) => (env[name]?.trim() ? [[name, env[name]]] : []));
  const read = environment.safeParse(Object.fromEntries(given));
  if (!read.success)
    throw new ConfigError(read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const { NODE_ENV, DATA_DIR } = read.data;
  return {
    environment: NODE_ENV,
    dataDir: DATA_DIR,
    databaseMigrationUrl: databaseSettings(read.data).databaseMigrationUrl,
    relaxedCvr: isCvrRelaxed(read.data),
  };
}

/** What a check of the log on the command line needs, where nothing else of the system is configured. */
export function readSealConfig(env: NodeJS.ProcessEnv = process.env): Config['audit'] {
  const names = ['NODE_ENV', 'DATA_DIR', 'AUDIT_SEAL_KEY_FILE', 'AUDIT_SEAL_OLD_KEYS_FILE'];
  const given = names.flatMap((name) => (env[name]?.trim() ? [[name, env[name]]] : []));
  return sealSettings(environment.parse(Object.fromEntries(given)));
}

type MigrationFields = 'environment' | 'dataDir' | 'databaseMigrationUrl' | 'relaxedCvr';

function readableSettings(given: Record<string, string | undefined>): Settings {
  const readable = Object.entries(given).filter(([name, value]) => {
    const schema = variables[name as keyof typeof variables] as z.ZodType | undefined;
    return schema?.safeParse(value).success;
  });
  return environment.parse(Object.fromEntries(readable));
}

function alwaysFaults(settings: Settings): string[] {
  const faults = [...cvrFaults(settings), ...keyFaults(settings)];
  if (settings.SEBADMIN_URL.hostname === settings.SEBANMOD_URL.hostname)
    faults.push(
      'SEBADMIN_URL and SEBANMOD_URL must have different host names: cookies are shared by the ports of one host',
    );
  return faults;
}

function buildConfig(settings: Settings) {
  const production = settings.NODE_ENV === 'production';
  const dataDir = settings.DATA_DIR;
  return {
    environment: settings.NODE_ENV,
    environmentName: settings.SEB_ENVIRONMENT_NAME ?? (production ? null : 'Udvikling'),
    sebadminUrl: settings.SEBADMIN_URL,
    sebanmodUrl: settings.SEBANMOD_URL,
    sebadminPort: settings.SEBADMIN_PORT ?? portOf(settings.SEBADMIN_URL, 3000),
    sebanmodPort: settings.SEBANMOD_PORT ?? portOf(settings.SEBANMOD_URL, 3001),
    listenHost: settings.SEB_HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    ...databaseSettings(settings),
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    sessionSecret: settings.SESSION_SECRET ?? developmentSecret(settings),
    sessionIdleMinutes: settings.SESSION_IDLE_MINUTES,
    sessionAbsoluteHours: settings.SESSION_ABSOLUTE_HOURS,
    dataDir,
    saml: {
      entityIdSebadmin: settings.SAML_SP_ENTITY_ID_SEBADMIN ?? new URL('/saml/metadata', settings.SEBADMIN_URL).href,
      entityIdSebanmod: settings.SAML_SP_ENTITY_ID_SEBANMOD ?? new URL('/saml/metadata', settings.SEBANMOD_URL).href,
      signing: keyFiles(dataDir, 'signing', settings.SAML_SIGNING_KEY_FILE, settings.SAML_SIGNING_CERT_FILE),
      encryption: keyFiles(
        dataDir,
        'encryption',
        settings.SAML_ENCRYPTION_KEY_FILE,
        settings.SAML_ENCRYPTION_CERT_FILE,
      ),
      minLevel: settings.SAML_MIN_LEVEL,
    },
    audit: sealSettings(settings),
    /** The first filling; null means the three providers that the test identity provider plays, where there is a demo. */
    identityProvidersFile: settings.IDENTITY_PROVIDERS_FILE ?? null,
    identityProviders: providerPolicy(settings),
    demo: {
      mode: settings.SEB_DEMO ?? (production ? 'off' : 'on'),
      idpUrl: settings.IDP_URL,
      idpPort: portOf(settings.IDP_URL, 3002),
      mailUrl: settings.MAIL_URL,
      mailPort: portOf(settings.MAIL_URL, 3003),
      smtpPort: settings.DEMO_SMTP_PORT,
    },
    smtpUrl: settings.SMTP_URL ?? `smtp://127.0.0.1:${settings.DEMO_SMTP_PORT}`,
    mailFrom: settings.MAIL_FROM,
    mailBounceAddress: settings.MAIL_BOUNCE_ADDRESS ?? null,
    servicedesk: {
      email: settings.SERVICEDESK_EMAIL,
      phone: settings.SERVICEDESK_PHONE,
      hours: settings.SERVICEDESK_HOURS,
    },
    stepUp: { minutes: settings.STEP_UP_MINUTES, bulkSize: settings.STEP_UP_BULK_SIZE },
    escalationDays: settings.REQUEST_ESCALATION_DAYS,
    bulkInRequest: settings.BULK_ASSIGNMENTS_IN_REQUEST,
    reportRowsAtOnce: settings.REPORT_ROWS_AT_ONCE,
    trustProxy: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
    relaxedCvr: isCvrRelaxed(settings),
    cvr: cvrSettings(settings),
  };
}

function sealSettings(settings: Settings): { sealKeyFile: string; oldKeysFile: string | null } {
  return {
    sealKeyFile: settings.AUDIT_SEAL_KEY_FILE ?? path.join(settings.DATA_DIR, 'audit', 'seal.key.pem'),
    oldKeysFile: settings.AUDIT_SEAL_OLD_KEYS_FILE ?? null,
  };
}

function cvrSettings(settings: Settings): CvrSettings {
  const { CVR_URL: url, CVR_USER: user, CVR_PASSWORD: password, CVR_TIMEOUT_MS: timeoutMs } = settings;
  if (settings.CVR_SOURCE === 'file' || url === undefined || user === undefined || password === undefined)
    return { source: 'file', file: settings.CVR_FILE };
  return { source: 'distribution', url, user, password, timeoutMs };
}

/**
 * `databaseUrl` is the application's role, `databaseMigrationUrl` the owner's.
 * Both null: no server was named, so development starts the embedded one.
 * In development one address is enough: it is the owner's, and the application steps down to seb_app on it.
 */
function databaseSettings(settings: Settings): DatabaseSettings {
  const databaseUrl = settings.DATABASE_URL ?? null;
  const databaseMigrationUrl = settings.DATABASE_MIGRATION_URL ?? null;
  if (settings.NODE_ENV === 'production' || !databaseUrl || databaseMigrationUrl) {
    return { databaseUrl, databaseMigrationUrl, databaseRoleIsShared: false };
  }
  return {
    databaseUrl: withSessionOptions(databaseUrl, '-c role=seb_app'),
    databaseMigrationUrl: databaseUrl,
    databaseRoleIsShared: true,
  };
}

type DatabaseSettings = {
  databaseUrl: string | null;
  databaseMigrationUrl: string | null;
  databaseRoleIsShared: boolean;
};

function isCvrRelaxed({ CVR_CHECK, NODE_ENV }: Settings): boolean {
  return (CVR_CHECK ?? (NODE_ENV === 'production' ? 'strict' : 'relaxed')) === 'relaxed';
}

function portOf(url: URL, otherwise: number): number {
  return url.port === '' ? otherwise : Number(url.port);
}

/** Kept in the data folder, so that a restart signs nobody out; a test run has one of its own. */
function developmentSecret(settings: Settings): string {
  const fresh = randomBytes(32).toString('hex');
  if (settings.NODE_ENV === 'test') return fresh;
  const secretFile = path.join(settings.DATA_DIR, 'session-secret');
  mkdirSync(settings.DATA_DIR, { recursive: true });
  try {
    // 'wx' fails when the file is there: of two starts at once the first one's secret counts for both.
    writeFileSync(secretFile, fresh, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch {
    return readFileSync(secretFile, 'utf8').trim();
  }
}
