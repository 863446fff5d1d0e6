import type { Logger } from 'pino';
import type { LookUps } from '../audit/look-ups.changes.ts';
import type { Changes } from '../audit/record-change.ts';
import type { CvrRegister } from '../cvr/company.ts';
import type { Keys } from '../http/keys.ts';
import type { Views } from '../http/views.ts';
import type { CvrCheck } from '../shared/danish-numbers.ts';
import type { MailTexts } from '../mail/templates.ts';
import type { FetchPolicy } from '../identity-providers/fetch-metadata.ts';
import type { KeptFresh } from '../shared/kept-fresh.ts';
import type { StatusBoard } from '../status/status-message.ts';
import type { TrustedProviders } from '../identity-providers/trusted-providers.ts';
import type { OwnCertificate } from '../sign-in/own-keys.ts';
import type { SystemSettings } from '../system-settings/setting.ts';
import type { Limiter } from './limiter.ts';

export type PortalName = 'sebadmin' | 'sebanmod';

export type Contact = { email: string; phone: string; hours: string };

/** What every page may draw on; built once in main.ts. */
export type Services = Changes & {
  /** Called when the confirmation is committed; the job itself looks whether there is anything to do. */
  queueImport(importId: number): Promise<void>;
  /** The same for a large change of role assignments. */
  queueOrder(orderId: number): Promise<void>;
  /** The same for the file of a large report. */
  queueExport(exportId: number): Promise<void>;
  /** Reports of more rows than this are made by a job. */
  reportRowsAtOnce: number;
  /** More assignments than this at a time are carried out by a job. */
  bulkInRequest: number;
  views: Views;
  keys: Keys;
  log: Logger;
  limiter: Limiter;
  /** The servicedesk, as the system owner has set it. */
  readonly contact: Contact;
  /** What the system owner has set, as of at most ten seconds ago, and as it was before. */
  settings: KeptFresh<SystemSettings>;
  deliveredSettings: SystemSettings;
  /** The texts of mails, as of at most ten seconds ago. */
  mailTexts: KeptFresh<MailTexts>;
  /** What is going on and planned, as of at most ten seconds ago. */
  status: KeptFresh<StatusBoard>;
  /** Whom logins are taken from, as of at most ten seconds ago. */
  identityProviders: TrustedProviders;
  /** What addresses a provider may have, and where metadata may be fetched from. */
  metadataPolicy: FetchPolicy;
  /** Of the keys that SEB signs and decrypts with. */
  ownCertificates: readonly OwnCertificate[];
  /** "Testmiljø" and the like, shown in the head of each page; null in production. */
  environmentName: string | null;
  /** Origins of the portals, for links in mails: never taken from a request. */
  origins: Record<PortalName, string>;
  /** Names and status of companies come from here alone. */
  cvr: CvrRegister;
  cvrCheck: CvrCheck;
  /** Who looked up whom; written after the page is answered. */
  lookUps: LookUps;
  /** The public key of the log's seal. */
  sealKey: { id: string; publicKey: string };
  /** How old a login may be that names administrators or changes more than so much at a time. */
  stepUp: { minutes: number; bulkSize: number };
  session: { idleMinutes: number; absoluteHours: number };
};
