import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { endOf, startOf } from '../role-assignments/period.queries.ts';
import { FieldRefused, NotFound, StaleForm } from '../shared/errors.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { readToday } from '../users/users.queries.ts';
import type { Administrator, NamedService, Terms } from './administrator.ts';
import { changesOf, takesAway } from './administrator.ts';
import { administratorMails } from './administrators.mail.ts';
import { findAdministrator, listLimitingServices } from './administrators.queries.ts';

export type Changing = { administratorId: number; version: number; terms: Terms };

/** Changes an administrator's kind, area, services and period, at once. */
export async function changeAdministrator(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { administratorId, version, terms }: Changing,
  mailing: MailSetting,
): Promise<Change<{ changed: boolean }>> {
  const before = await findAdministrator(tx, organisation.id, administratorId);
  if (before === null) throw new NotFound('Personen er ikke længere administrator her. Åbn listen igen.');
  const { userId, isLast } = before;
  const isLastOrganisationAdministrator = isLast && takesAway(terms, await readToday(tx));
  const as = ensureCan(actor, 'administrator.change', {
    organisationId: organisation.id,
    user: { id: userId, isAdministrator: true, isLastOrganisationAdministrator },
  });
  if (before.version !== version) throw new StaleForm();
  const services = await servicesOf(tx, organisation, before, terms);
  const changes = changesOf(before, terms, services);
  if (Object.keys(changes).length === 0) return { outcome: { changed: false }, as, events: [] };
  await updateTerms(tx, organisation, before, terms);
  const name = fullName(before);
  const told = { person: before, toPerson: inWords('dig', changes), toOthers: inWords(name, changes) };
  return {
    outcome: { changed: true },
    as,
    events: [event('administrator.changed', { organisation, target: { userId, name } }, { changes })],
    mails: await administratorMails(tx, organisation, fullName(actor), [told], mailing),
  };
}

/** The chosen services by name; an id of none that the organisation has to do with is refused. */
async function servicesOf(
  tx: Tx,
  organisation: Organisation,
  before: Administrator,
  { serviceIds }: Terms,
): Promise<NamedService[]> {
  const chosen = before.services?.map((service) => service.id) ?? [];
  const known = serviceIds === null ? [] : await listLimitingServices(tx, organisation.id, chosen);
  if (serviceIds?.some((id) => !known.some((service) => service.id === id)))
    throw new FieldRefused('service', 'En af de valgte services kan ikke vælges længere. Vælg på listen igen');
  return known;
}

// The start of one that has begun and an end that was not touched keep their moment, which may lie within a day.
async function updateTerms(
  tx: Tx,
  { id: organisationId }: Organisation,
  before: Administrator,
  terms: Terms,
): Promise<void> {
  const { kind, area, serviceIds, startsOn, endsOn } = terms;
  const period = { start: startsOn, stop: endsOn };
  const end = endsOn === null ? sql`null::timestamptz` : endOf(period);
  await tx.rows(sql`
    update administrator set kind = ${kind}::administrator_kind, responsibility_area = ${area}::text, limits_services = ${serviceIds !== null}::boolean,
      valid_from = ${startsOn === before.startsOn ? sql`valid_from` : startOf(period)},
      valid_to = ${endsOn === before.endsOn ? sql`valid_to` : end}, version = version + 1
    where id = ${before.id}::int`);
  await tx.rows(sql`
    delete from administrator_service where administrator_id = ${before.id}::int and not service_id = any (${serviceIds ?? []}::int[])`);
  await tx.rows(sql`
    insert into administrator_service (administrator_id, organisation_id, service_id)
    select ${before.id}::int, ${organisationId}::int, id from unnest(${serviceIds ?? []}::int[]) as chosen (id) on conflict do nothing`);
}

const labels: Record<string, string> = {
  kind: 'Rolle',
  area: 'SEB Ansvarsområde',
  services: 'Services',
  startsOn: 'Gyldig fra',
  endsOn: 'Gyldig til og med',
};

function inWords(whom: string, changes: Record<string, { from: string | null; to: string | null }>): string {
  const lines = Object.entries(changes).map(
    ([field, { from, to }]) => `${labels[field] ?? field}: ${to ?? 'ingen'} (før: ${from ?? 'ingen'})`,
  );
  return `Der er ændret i administratorrollen for ${whom}. ${lines.join('. ')}.`;
}
