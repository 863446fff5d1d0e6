import type { ActorKind } from '../permissions/rules.ts';

/** The role in which somebody acted, in the words of the log. */
export const actorNames: Record<ActorKind, string> = {
  systemOwner: 'Systemejer',
  servicedesk: 'Servicedesk',
  organisationAdministrator: 'Organisationsadministrator',
  userAdministrator: 'Brugeradministrator',
  readOnlyAdministrator: 'Read-only administrator',
  user: 'Bruger',
  employee: 'Medarbejder uden bruger',
  anyone: 'Ikke logget på',
  serviceClient: 'Service',
  system: 'SEB selv',
};
