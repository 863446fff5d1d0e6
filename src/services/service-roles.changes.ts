import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import type { RoleInput, ServiceRole } from './service.ts';
import { changesBetween, effectKey, isInUse } from './service.ts';
import { codeIsFixed, codeIsTaken } from './services.changes.ts';
import { getService, getServiceRole, isRoleCodeTaken, readNeedsEffect } from './services.queries.ts';

const common = { organisation: null, target: null };

/** A role that no organisation may give yet. */
export async function createRole(
  tx: Tx,
  actor: Actor,
  serviceId: number,
  input: RoleInput,
): Promise<Change<{ roleId: number }>> {
  const as = ensureEverywhere(actor, 'role.create');
  const service = await getService(tx, serviceId);
  if (service.isRetired) throw new Conflict('Servicen er udfaset og kan ikke få nye roller. Genåbn den først.');
  const { code, name, description, synonyms, needsSor, needsCpr, sensitivity } = input;
  if (await isRoleCodeTaken(tx, { serviceId, code }, null)) throw new FieldRefused('kode', codeIsTaken);
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into role (service_id, code, name, description, synonyms, needs_sor, needs_cpr, sensitivity, source)
    values (${serviceId}::int, ${code}::text, ${name}::text, ${description}::text, ${synonyms}::text[], ${needsSor}::boolean,
      ${needsCpr}::boolean, ${sensitivity}::sensitivity, 'systemejeren') returning id`);
  if (created === undefined) throw new Error('the new role was not returned');
  const detail = { service: service.code, role: code, roleName: name, needsSor, needsCpr };
  return { outcome: { roleId: created.id }, as, events: [event('service.roleCreated', common, detail)] };
}

export type RoleEdit = {
  roleId: number;
  version: number;
  /** The figures of use that the form showed (effectKey), where it did. */
  seen: string | null;
  input: Omit<RoleInput, 'code'> & { code: string | null };
};

/**
 * Edits a role. Other needs (SOR unit, CPR) of a role in use count for what is given from now on: what was given stays as it
 * is, and the form must have shown how much that is. @throws PreviewOutdated when it did not, or shows old figures
 */
export async function editRole(
  tx: Tx,
  actor: Actor,
  { roleId, version, seen, input }: RoleEdit,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureEverywhere(actor, 'role.edit');
  const before = await getServiceRole(tx, roleId);
  if (before.version !== version) throw new StaleForm();
  const after: RoleInput = { ...input, code: input.code ?? before.code };
  const changes = changesBetween(before, after);
  if (Object.keys(changes).length === 0) return { outcome: { changed: false }, as, events: [] };
  await refuseCode(tx, before, after.code);
  if (hasOtherNeeds(before, after)) await ensureEffectSeen(tx, roleId, seen);
  await tx.rows(sql`
    update role set code = ${after.code}::text, name = ${after.name}::text, description = ${after.description}::text,
      synonyms = ${after.synonyms}::text[], needs_sor = ${after.needsSor}::boolean, needs_cpr = ${after.needsCpr}::boolean,
      sensitivity = ${after.sensitivity}::sensitivity, version = version + 1
    where id = ${roleId}::int`);
  const detail = { service: before.serviceCode, role: before.code, roleName: before.name, changes };
  return { outcome: { changed: true }, as, events: [event('service.roleEdited', common, detail)] };
}

export function hasOtherNeeds(before: RoleInput, after: Pick<RoleInput, 'needsSor' | 'needsCpr'>): boolean {
  return before.needsSor !== after.needsSor || before.needsCpr !== after.needsCpr;
}

async function refuseCode(tx: Tx, before: ServiceRole, code: string): Promise<void> {
  if (code === before.code) return;
  if (before.codeIsFixed) throw new FieldRefused('kode', codeIsFixed);
  const { serviceId, id } = before;
  if (await isRoleCodeTaken(tx, { serviceId, code }, id)) throw new FieldRefused('kode', codeIsTaken);
}

async function ensureEffectSeen(tx: Tx, roleId: number, seen: string | null): Promise<void> {
  const effect = await readNeedsEffect(tx, roleId);
  if (isInUse(effect) && effectKey(effect) !== seen) throw new PreviewOutdated();
}
