import type { z } from 'zod';
import type { ActorKind } from '../permissions/rules.ts';
import { accessRequestEvents } from './event-types/access-requests.ts';
import { administratorEvents } from './event-types/administrators.ts';
import { emergencyLockEvents } from './event-types/emergency-locks.ts';
import { bulkOrderEvents } from './event-types/bulk-orders.ts';
import { batchEvents } from './event-types/batches.ts';
import { auditLogEvents } from './event-types/audit-log.ts';
import { auditPackageEvents } from './event-types/audit-package.ts';
import { agreementEvents } from './event-types/agreements.ts';
import type { EventType, Told } from './event-types/event-type.ts';
import { mailEvents } from './event-types/mails.ts';
import { onBehalfEvents } from './event-types/on-behalf.ts';
import { organisationRoleEvents } from './event-types/organisation-roles.ts';
import { organisationEvents } from './event-types/organisations.ts';
import { reportEvents } from './event-types/reports.ts';
import { roleAssignmentEvents } from './event-types/role-assignments.ts';
import { serviceAccessEvents } from './event-types/service-access.ts';
import { serviceEvents } from './event-types/services.ts';
import { identityProviderEvents } from './event-types/identity-providers.ts';
import { signInEvents } from './event-types/sign-in.ts';
import { statusEvents } from './event-types/status.ts';
import { systemSettingEvents } from './event-types/system-settings.ts';
import { systemRoleEvents } from './event-types/system-roles.ts';
import { systemEvents } from './event-types/system.ts';
import { userEvents } from './event-types/users.ts';

export type { Told } from './event-types/event-type.ts';

/** THE catalogue: everything that the log can say, by noun. A change whose event is not here does not compile. */
export const eventTypes = {
  ...userEvents,
  ...administratorEvents,
  ...organisationEvents,
  ...agreementEvents,
  ...roleAssignmentEvents,
  ...emergencyLockEvents,
  ...onBehalfEvents,
  ...bulkOrderEvents,
  ...batchEvents,
  ...serviceEvents,
  ...organisationRoleEvents,
  ...serviceAccessEvents,
  ...accessRequestEvents,
  ...identityProviderEvents,
  ...signInEvents,
  ...systemRoleEvents,
  ...reportEvents,
  ...systemEvents,
  ...auditLogEvents,
  ...auditPackageEvents,
  ...systemSettingEvents,
  ...statusEvents,
  ...mailEvents,
} as const;

export type EventKind = keyof typeof eventTypes;
export type DetailOf<Kind extends EventKind> = z.input<(typeof eventTypes)[Kind]['detail']>;

/** One line for the log, made by `event`. */
export type AuditEvent = {
  kind: EventKind;
  organisation: { id: number; name: string } | null;
  /** Somebody without a user is known by name alone. */
  target: { userId: number | null; name: string } | null;
  detail: Record<string, unknown>;
  /** The actor's role where it is another than that of the change as a whole: an event in a second organisation. */
  as?: ActorKind;
};

/** An event of the catalogue; its detail is checked here, in the transaction of the change. */
export function event<Kind extends EventKind>(
  kind: Kind,
  about: Pick<AuditEvent, 'organisation' | 'target'>,
  detail: DetailOf<Kind>,
): AuditEvent {
  const checked: unknown = eventTypes[kind].detail.parse(detail);
  return { kind, ...about, detail: checked as Record<string, unknown> };
}

/** The sentence of a stored event; an event that the catalogue no longer knows is shown by its kind, never hidden. */
export function sentenceOf(kind: string, detail: unknown, told: Told): string {
  if (!Object.hasOwn(eventTypes, kind)) return `${told.actor}: ${kind}`;
  const type: EventType<z.ZodType> = eventTypes[kind as EventKind];
  const parsed = type.detail.safeParse(detail);
  return parsed.success ? type.sentence(parsed.data, told) : `${told.actor}: ${kind}`;
}
