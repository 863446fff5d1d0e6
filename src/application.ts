import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { LookUps } from './audit/look-ups.changes.ts';
import { createLookUps } from './audit/look-ups.changes.ts';
import type { SealKey, TrustedKeys } from './audit-seal/seal-key.ts';
import { loadSealKey, trustedKeysIn } from './audit-seal/seal-key.ts';
import type { Config } from './config.ts';
import { openCvrRegister } from './cvr/register.ts';
import type { Database } from './db/client.ts';
import { deriveKeys } from './http/keys.ts';
import type { Views } from './http/views.ts';
import { loadViews } from './http/views.ts';
import type { Jobs } from './jobs/jobs.ts';
import { createLimiter } from './pages/limiter.ts';
import type { PortalName, Services } from './pages/services.ts';
import { createPortal } from './portals/portal.ts';
import { sebadmin, sebadminRoutes } from './portals/sebadmin.ts';
import { sebanmod, sebanmodRoutes } from './portals/sebanmod.ts';
import { assetPaths } from './portals/static-files.ts';
import { keptProviders } from './identity-providers/trusted-providers.ts';
import type { OpenResponse } from './sign-in/saml/open-response.ts';
import type { OwnKeys } from './sign-in/own-keys.ts';
import { certificatesOf, readOwnKeys } from './sign-in/own-keys.ts';
import { pendingLoginsIn } from './sign-in/pending-logins.ts';
import type { ServiceProvider } from './sign-in/saml/service-provider.ts';
import { keptFresh } from './shared/kept-fresh.ts';
import type { KeptFresh } from './shared/kept-fresh.ts';
import type { StatusBoard } from './status/status-message.ts';
import { readBoard } from './status/status.queries.ts';
import type { SystemSettings } from './system-settings/setting.ts';
import { deliveredSettings } from './system-settings/setting.ts';
import { readSettings } from './system-settings/system-settings.queries.ts';
import { readTexts } from './mail-templates/mail-templates.queries.ts';
import type { MailTexts } from './mail/templates.ts';
import { deliveredTexts } from './mail/templates.ts';
import type { MailSetting } from './users/users.changes.ts';
import { ACS_PATH, createServiceProvider } from './sign-in/saml/service-provider.ts';

export type Parts = {
  database: Database;
  jobs: Pick<Jobs, 'queueMails'> & Partial<Pick<Jobs, 'queueImport' | 'queueOrder' | 'queueExport'>>;
  log: Logger;
  /** In a worker thread; without it responses are opened where the pages are made. */
  openResponse?: OpenResponse;
  /** Flushed when the process stops; without it the portals have their own. */
  lookUps?: LookUps;
  /** Shared with the jobs of the same process; without it the portals keep their own. */
  settings?: KeptFresh<SystemSettings>;
  mailTexts?: KeptFresh<MailTexts>;
};

export type Application = Record<PortalName, Express>;

/** Builds both portals out of the configuration and the parts that were opened for them; listens to nothing. */
export function createApplication(config: Config, parts: Parts): Application {
  const keys = readOwnKeys(config.saml);
  const services = servicesOf(config, parts, keys);
  const settings = {
    trustProxy: config.trustProxy,
    sessionSecret: config.sessionSecret,
    isDevelopment: config.environment !== 'production',
  };
  const signInTo = (portal: PortalName) => ({
    serviceProvider: serviceProviderOf(config, parts, services, keys, portal),
  });
  return {
    sebadmin: createPortal(services, sebadmin, sebadminRoutes, signInTo('sebadmin'), {
      ...settings,
      url: config.sebadminUrl,
    }),
    sebanmod: createPortal(services, sebanmod, sebanmodRoutes, signInTo('sebanmod'), {
      ...settings,
      url: config.sebanmodUrl,
    }),
  };
}

function servicesOf(config: Config, { database, jobs, log, ...parts }: Parts, keys: OwnKeys): Services {
  const settings = parts.settings ?? keptSettings(config, database, log);
  return {
    database,
    queueMails: jobs.queueMails,
    // Without workers of its own the sweep of another process finds it.
    queueImport: jobs.queueImport ?? (async () => undefined),
    queueOrder: jobs.queueOrder ?? (async () => undefined),
    queueExport: jobs.queueExport ?? (async () => undefined),
    reportRowsAtOnce: config.reportRowsAtOnce,
    bulkInRequest: config.bulkInRequest,
    views: views(config),
    keys: deriveKeys(config.sessionSecret),
    log,
    limiter: createLimiter(database.pool),
    get contact() {
      return settings.current().contact;
    },
    settings,
    deliveredSettings: deliveredSettings(config),
    mailTexts: parts.mailTexts ?? keptMailTexts(database, log),
    status: keptStatus(database, log),
    identityProviders: keptProviders(database, config.identityProviders, log),
    metadataPolicy: config.identityProviders,
    ownCertificates: certificatesOf(keys),
    environmentName: config.environmentName,
    origins: { sebadmin: config.sebadminUrl.origin, sebanmod: config.sebanmodUrl.origin },
    cvr: openCvrRegister(config.cvr),
    cvrCheck: config.relaxedCvr ? 'relaxed' : 'strict',
    lookUps: parts.lookUps ?? createLookUps(database, log),
    sealKey: sealKeyOf(config),
    stepUp: config.stepUp,
    session: { idleMinutes: config.sessionIdleMinutes, absoluteHours: config.sessionAbsoluteHours },
  };
}

const freshSeconds = 10;

/** The system owner's settings: a query each ten seconds, however many pages draw on them. */
export function keptSettings(config: Config, database: Database, log: Logger): KeptFresh<SystemSettings> {
  const delivered = deliveredSettings(config);
  return keptFresh({
    initial: delivered,
    read: () => readSettings(database, delivered),
    seconds: freshSeconds,
    onFault: (error) => log.warn({ err: error }, 'the settings could not be read'),
  });
}

/** The texts of mails as the system owner has them. */
export function keptMailTexts(database: Database, log: Logger): KeptFresh<MailTexts> {
  return keptFresh({
    initial: deliveredTexts,
    read: () => readTexts(database),
    seconds: freshSeconds,
    onFault: (error) => log.warn({ err: error }, 'the texts of mails could not be read'),
  });
}

function keptStatus(database: Database, log: Logger): KeptFresh<StatusBoard> {
  return keptFresh<StatusBoard>({
    initial: [],
    read: () => readBoard(database),
    seconds: freshSeconds,
    onFault: (error) => log.warn({ err: error }, 'the status could not be read'),
  });
}

/** The key that seals the log; made at the first start in development, a setting in production. */
export function sealKeyOf({ audit, environment }: Config): SealKey {
  return loadSealKey({ file: audit.sealKeyFile, mayMake: environment !== 'production' });
}

/** Whose signatures count when the log is checked. */
export function trustedKeysOf(config: Config): TrustedKeys {
  const { oldKeysFile } = config.audit;
  return trustedKeysIn(
    sealKeyOf(config).publicKey,
    ...(oldKeysFile === null ? [] : [readFileSync(oldKeysFile, 'utf8')]),
  );
}

/** What the system's own jobs need for their mails; whoever gives what is kept keeps it fresh. */
export function mailingOf(
  config: Config,
  kept: { settings?: KeptFresh<SystemSettings>; mailTexts?: KeptFresh<MailTexts> } = {},
): MailSetting {
  return {
    views: views(config),
    get contact() {
      return kept.settings?.current().contact ?? config.servicedesk;
    },
    get texts() {
      return kept.mailTexts?.current() ?? deliveredTexts;
    },
    sebadminOrigin: config.sebadminUrl.origin,
  };
}

const compiled = new Map<boolean, Views>();

/** Compiled once a process, and strictly in tests: the pages and the mails of the jobs draw on the same. */
function views({ environment }: Config): Views {
  const strict = environment === 'test';
  const known = compiled.get(strict);
  if (known !== undefined) return known;
  const root = path.resolve(import.meta.dirname, '..');
  const loaded = loadViews(path.join(root, 'views'), { strict, globals: assetPaths(root) });
  compiled.set(strict, loaded);
  return loaded;
}

function serviceProviderOf(
  config: Config,
  { database, openResponse }: Parts,
  { identityProviders }: Services,
  keys: OwnKeys,
  portal: PortalName,
): ServiceProvider {
  const { saml } = config;
  const url = portal === 'sebadmin' ? config.sebadminUrl : config.sebanmodUrl;
  return createServiceProvider({
    entityId: portal === 'sebadmin' ? saml.entityIdSebadmin : saml.entityIdSebanmod,
    acsUrl: new URL(ACS_PATH, url).href,
    portal,
    keys,
    providers: identityProviders.current,
    ...(openResponse === undefined ? {} : { openResponse }),
    minimumLevel: saml.minLevel,
    pending: pendingLoginsIn(database),
    contact: { organisation: 'Sundhedsdatastyrelsen', url: url.origin, email: config.servicedesk.email },
  });
}
