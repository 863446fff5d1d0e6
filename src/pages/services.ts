import type { Logger } from 'pino';
import type { Changes } from '../audit/record-change.ts';
import type { Keys } from '../http/keys.ts';
import type { Views } from '../http/views.ts';
import type { Limiter } from './limiter.ts';

export type PortalName = 'sebadmin' | 'sebanmod';

export type Contact = { email: string; phone: string; hours: string };

/** What every page may draw on; built once in main.ts. */
export type Services = Changes & {
  /** Called when the confirmation is committed; the job itself looks whether there is anything to do. */
  queueImport(importId: number): Promise<void>;
  /** The same for a large change of role assignments. */
  queueOrder(orderId: number): Promise<void>;
  /** More assignments than this at a time are carried out by a job. */
  bulkInRequest: number;
  views: Views;
  keys: Keys;
  log: Logger;
  limiter: Limiter;
  contact: Contact;
  /** "Testmiljø" and the like, shown in the head of each page; null in production. */
  environmentName: string | null;
  /** Origins of the portals, for links in mails: never taken from a request. */
  origins: Record<PortalName, string>;
  session: { idleMinutes: number; absoluteHours: number };
};
