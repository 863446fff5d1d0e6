import { randomBytes } from 'node:crypto';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { digestOf } from '../http/keys.ts';
import { confirmEmailMail, emailChangedMail } from '../mail/messages.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, NotFound, StaleForm } from '../shared/errors.ts';
import { changedFields } from '../users/user.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { findUser } from '../users/users.queries.ts';

export type OwnDetails = {
  email: string;
  address: string | null;
  postcode: string | null;
  city: string | null;
  phone: string | null;
  version: number;
};

const confirmWithinHours = 24;

/** Edits one's own contact data at once; a new e-mail address waits until it is confirmed from a mail to it. */
export async function editOwnDetails(
  tx: Tx,
  actor: Actor,
  { email, version, ...contact }: OwnDetails,
  mailing: MailSetting & { portalOrigin: string },
): Promise<Change<{ changed: boolean; confirms: boolean }>> {
  const before = await findUser(tx, actor.organisationId, actor.userId);
  if (before === null) throw new NotFound();
  const as = ensureCan(actor, 'user.editOwn', { organisationId: actor.organisationId, user: before });
  if (before.version !== version) throw new StaleForm();
  const changes = changedFields(before, { ...before, ...contact });
  const changed = Object.keys(changes).length > 0;
  if (changed) await tx.appUser.update({ where: { id: actor.userId }, data: { ...contact, version: version + 1 } });
  const confirms = email !== before.email;
  const token = confirms ? await askForConfirmation(tx, actor, email) : null;
  return {
    outcome: { changed, confirms },
    as,
    events: [
      ...(changed ? [event('user.ownDetailsEdited', aboutOneself(actor), { changes })] : []),
      ...(confirms ? [event('user.ownEmailRequested', aboutOneself(actor), { to: email })] : []),
    ],
    mails: token === null ? [] : [confirmationMail(actor, email, token, mailing)],
  };
}

/** The token stands in the mail alone; the database keeps its digest. An earlier open request is replaced. */
async function askForConfirmation(tx: Tx, actor: Actor, newEmail: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await tx.emailChange.updateMany({ where: { userId: actor.userId, usedAt: null }, data: { usedAt: new Date() } });
  await tx.emailChange.create({
    data: {
      userId: actor.userId,
      organisationId: actor.organisationId,
      tokenDigest: digestOf(token),
      newEmail,
      expiresAt: new Date(Date.now() + confirmWithinHours * 3_600_000),
    },
    select: { id: true },
  });
  return token;
}

function confirmationMail(
  actor: Actor,
  address: string,
  token: string,
  mailing: MailSetting & { portalOrigin: string },
) {
  const name = fullName(actor);
  return confirmEmailMail(mailing, {
    to: { name, address },
    personName: name,
    baseUrl: mailing.portalOrigin,
    path: `/mine-oplysninger/bekraeft/${token}`,
  });
}

/** Takes a confirmed address into use and tells the old one. */
export async function confirmEmail(
  tx: Tx,
  actor: Actor,
  token: string,
  mailing: MailSetting,
): Promise<Change<{ email: string }>> {
  const before = await findUser(tx, actor.organisationId, actor.userId);
  if (before === null) throw new NotFound();
  const as = ensureCan(actor, 'user.editOwn', { organisationId: actor.organisationId, user: before });
  const [pending] = await tx.rows<{ id: number; newEmail: string }>(sql`
    select id, new_email as "newEmail" from email_change
    where token_digest = ${digestOf(token)} and user_id = ${actor.userId}::int and used_at is null and expires_at > now()`);
  if (pending === undefined)
    throw new Conflict('Linket er brugt eller for gammelt. Skriv den nye e-mailadresse igen under Mine oplysninger.');
  await tx.emailChange.update({ where: { id: pending.id }, data: { usedAt: new Date() }, select: { id: true } });
  await tx.appUser.update({
    where: { id: actor.userId },
    data: { email: pending.newEmail, version: before.version + 1 },
  });
  const name = fullName(before);
  return {
    outcome: { email: pending.newEmail },
    as,
    events: [event('user.ownEmailConfirmed', aboutOneself(actor), { from: before.email, to: pending.newEmail })],
    mails: [
      emailChangedMail(mailing, {
        to: { name, address: before.email },
        personName: name,
        organisationName: actor.organisationName,
        changedBy: name,
      }),
    ],
  };
}

function aboutOneself(actor: Actor) {
  return {
    organisation: { id: actor.organisationId, name: actor.organisationName },
    target: { userId: actor.userId, name: fullName(actor) },
  };
}
