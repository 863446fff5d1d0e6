import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor, SystemRoleKind } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan, ensureEverywhere } from '../permissions/can.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { systemRoleNames } from './system-role.ts';
import { systemRoleMails } from './system-roles.mail.ts';
import { findCandidate, listSystemRoleHolders } from './system-roles.queries.ts';

/** Gives a user a system role; one who has it already is left alone. */
export async function appointToSystemRole(
  tx: Tx,
  actor: Actor,
  { userId, kind }: { userId: number; kind: SystemRoleKind },
  mailing: MailSetting,
): Promise<Change<{ name: string; added: boolean }>> {
  const as = ensureEverywhere(actor, 'systemRole.appoint');
  const user = await findCandidate(tx, userId);
  if (user === null) throw new FieldRefused('bruger', 'Brugeren findes ikke længere. Søg igen, og vælg på listen');
  const { organisationId, organisationName } = user;
  ensureCan(actor, 'systemRole.appoint', { organisationId, user: { id: userId, isAdministrator: true } });
  if (user.isLocked)
    throw new FieldRefused('bruger', `${fullName(user)} er spærret. Lås brugeren op først, eller vælg en anden`);
  const name = fullName(user);
  const added = await tx.rows(sql`
    insert into system_role (user_id, kind) values (${userId}::int, ${kind}::system_role_kind) on conflict do nothing returning id`);
  if (added.length === 0) return { outcome: { name, added: false }, as, events: [] };
  const about = { person: { ...user, userId }, organisationName, kind, isGiven: true, by: fullName(actor) };
  const detail = { kind, organisation: organisationName };
  return {
    outcome: { name, added: true },
    as,
    events: [event('systemRole.appointed', { organisation: null, target: { userId, name } }, detail)],
    mails: systemRoleMails(about, await listSystemRoleHolders(tx), mailing),
  };
}

/** Takes a system role away at once; one that is gone already is not found. */
export async function removeSystemRole(
  tx: Tx,
  actor: Actor,
  systemRoleId: number,
  mailing: MailSetting,
): Promise<Change<{ removed: string }>> {
  const as = ensureEverywhere(actor, 'systemRole.remove');
  const holders = await listSystemRoleHolders(tx);
  const held = holders.find((one) => one.id === systemRoleId);
  if (held === undefined) throw new NotFound('Rollen er allerede fjernet. Åbn listen igen, og se, hvem der har en.');
  const { userId, kind, organisationId, organisationName } = held;
  ensureCan(actor, 'systemRole.remove', { organisationId, user: { id: userId, isAdministrator: true } });
  await tx.rows(sql`delete from system_role where id = ${systemRoleId}::int`);
  const name = fullName(held);
  const about = { person: held, organisationName, kind, isGiven: false, by: fullName(actor) };
  return {
    outcome: { removed: `${name} har ikke længere rollen ${systemRoleNames[kind].toLowerCase()}.` },
    as,
    events: [
      event(
        'systemRole.removed',
        { organisation: null, target: { userId, name } },
        { kind, organisation: organisationName },
      ),
    ],
    mails: systemRoleMails(about, holders, mailing),
  };
}
