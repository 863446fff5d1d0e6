import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { ServiceInput } from './service.ts';
import { changesBetween } from './service.ts';
import { getService, isServiceCodeTaken } from './services.queries.ts';

const common = { organisation: null, target: null };
/** Told where the form's code cannot be had. */
export const codeIsTaken = 'Koden er allerede i brug. Skriv en anden kode';
export const codeIsFixed = 'Koden kan ikke ændres, når en organisation har kunnet tildele rollen. Opret en ny i stedet';

/** A service without roles; nobody sees it until it has one. */
export async function createService(tx: Tx, actor: Actor, input: ServiceInput): Promise<Change<{ serviceId: number }>> {
  const as = ensureEverywhere(actor, 'service.create');
  if (await isServiceCodeTaken(tx, input.code, null)) throw new FieldRefused('kode', codeIsTaken);
  const { code, name, owner, description, supportName, supportPhone, supportEmail, supportLinks } = input;
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into service (code, name, owner, description, source, support_name, support_phone, support_email, support_links)
    values (${code}::text, ${name}::text, ${owner}::text, ${description}::text, 'systemejeren', ${supportName}::text,
      ${supportPhone}::text, ${supportEmail}::text, ${supportLinks}::text[]) returning id`);
  if (created === undefined) throw new Error('the new service was not returned');
  return {
    outcome: { serviceId: created.id },
    as,
    events: [event('service.created', common, { code, name, owner })],
  };
}

export type ServiceEdit = {
  serviceId: number;
  version: number;
  /** The code is left out where it can no longer be changed. */
  input: Omit<ServiceInput, 'code'> & { code: string | null };
};

/** Edits a service; its code only while no organisation has been able to give one of its roles. */
export async function editService(
  tx: Tx,
  actor: Actor,
  { serviceId, version, input }: ServiceEdit,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureEverywhere(actor, 'service.edit');
  const before = await getService(tx, serviceId);
  if (before.version !== version) throw new StaleForm();
  const code = input.code ?? before.code;
  const after = { ...input, code };
  const changes = changesBetween(before, after);
  if (Object.keys(changes).length === 0) return { outcome: { changed: false }, as, events: [] };
  if (code !== before.code) {
    if (before.codeIsFixed) throw new FieldRefused('kode', codeIsFixed);
    if (await isServiceCodeTaken(tx, code, serviceId)) throw new FieldRefused('kode', codeIsTaken);
  }
  await tx.rows(sql`
    update service set code = ${code}::text, name = ${after.name}::text, owner = ${after.owner}::text,
      description = ${after.description}::text, support_name = ${after.supportName}::text, support_phone = ${after.supportPhone}::text,
      support_email = ${after.supportEmail}::text, support_links = ${after.supportLinks}::text[], version = version + 1
    where id = ${serviceId}::int`);
  return {
    outcome: { changed: true },
    as,
    events: [event('service.edited', common, { code: before.code, name: before.name, changes })],
  };
}
