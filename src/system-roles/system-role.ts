import type { SystemRoleKind } from '../permissions/actor.ts';

/** A person of the system owner's or the servicedesk. */
export type SystemRoleHolder = {
  id: number;
  userId: number;
  kind: SystemRoleKind;
  firstName: string;
  lastName: string;
  email: string;
  organisationId: number;
  organisationName: string;
  cvr: string;
  isLocked: boolean;
};

export const systemRoleNames: Record<SystemRoleKind, string> = {
  SYSTEM_OWNER: 'Systemejer',
  SERVICEDESK: 'Servicedesk',
};

export const systemRoleKinds: readonly { kind: SystemRoleKind; may: string }[] = [
  {
    kind: 'SYSTEM_OWNER',
    may: 'Holder organisationer, services, roller, SOR og indstillinger, og ser alle organisationer. Tildeler ikke roller til brugere.',
  },
  { kind: 'SERVICEDESK', may: 'Ser alle organisationer, ændrer intet, og kan nødspærre en bruger i 72 timer.' },
];
