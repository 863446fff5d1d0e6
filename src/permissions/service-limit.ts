import type { Actor } from './actor.ts';

/** The services that an administrator answers for; null = all that the organisation may give. */
export type ServiceLimit = readonly number[] | null;

/** What limits the roles that the actor may give and take in an organisation (permissions, condition 8). */
export function serviceLimit(actor: Actor, organisationId: number): ServiceLimit {
  return actor.administrations.find((held) => held.organisationId === organisationId)?.serviceIds ?? null;
}

export function isWithin(limit: ServiceLimit, serviceId: number): boolean {
  return limit === null || limit.includes(serviceId);
}

export const outsideArea =
  'Rollen hører til en service uden for dit ansvarsområde. Bed en organisationsadministrator om hjælp.';
