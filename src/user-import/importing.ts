import type { ActorOnRecord } from '../audit/record-change.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import type { MailSetting } from '../users/users.changes.ts';

/** Who changes what on whose behalf, for every statement of an import. */
export type Importing = {
  actor: Actor;
  onRecord: ActorOnRecord;
  organisation: AddressedOrganisation;
  as: ActorKind;
  mailing: MailSetting;
};
