import type { AuditEvent } from '../audit/events.ts';
import type { ActorOnRecord } from '../audit/record-change.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { AppError } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { ChosenUser } from '../users/users.queries.ts';

/** Some users of an order whose turn it is, with who ordered it and what they may do at this moment. */
export type Batch = {
  actor: Actor;
  onRecord: ActorOnRecord;
  organisation: AddressedOrganisation;
  sourceOrganisationId: number | null;
  userIds: number[];
  /** Those of them who are not deleted. */
  users: ChosenUser[];
  mailing: MailSetting;
};

export type Missed = { userId: number; reason: string };

/** What was done to the users of a batch. */
export type BatchDone = {
  as: ActorKind;
  added: number;
  alreadyThere: number;
  withdrawn: number;
  leftOut: Missed[];
  /** Besides the lines that the statements write themselves. */
  events: AuditEvent[];
  mails: OutgoingMail[];
};

/** The order has lost what it is about: the rest is not carried out. The message says why. */
export class OrderIsVoid extends AppError {
  override readonly status = 409;
}

export function deletedAmong({ userIds, users }: Pick<Batch, 'userIds' | 'users'>): Missed[] {
  const there = new Set(users.map((user) => user.id));
  return userIds.filter((id) => !there.has(id)).map((userId) => ({ userId, reason: 'Brugeren er slettet.' }));
}

/** One reason a user, put together of several. */
export function joined(missed: readonly Missed[]): Missed[] {
  const byUser = Map.groupBy(missed, ({ userId }) => userId);
  return [...byUser].map(([userId, reasons]) => ({ userId, reason: reasons.map(({ reason }) => reason).join(' ') }));
}
