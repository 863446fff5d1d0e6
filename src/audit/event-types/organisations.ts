import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { day, eventType, text } from './event-type.ts';

/** What happens to organisations. */
export const organisationEvents = {
  'organisation.created': eventType(
    z.object({ cvr: text, status: text }),
    (d, t) => `${t.actor} oprettede organisationen (CVR ${d.cvr}, status i CVR: ${d.status}).`,
  ),
  'organisation.renamed': eventType(
    z.object({ from: text, to: text }),
    (d, t) => `${t.actor} overtog det nye navn fra CVR: “${d.to}” (før: “${d.from}”).`,
  ),
  'organisation.ceased': eventType(z.object({ status: text, ceasedOn: day.nullable() }), (d) =>
    d.ceasedOn === null
      ? `CVR oplyser, at organisationen er ophørt (${d.status}).`
      : `CVR oplyser, at organisationen er ophørt ${danishDay(d.ceasedOn)} (${d.status}).`,
  ),
  'organisation.contactsEdited': eventType(
    z.object({ from: text, to: text }),
    (d, t) => `${t.actor} rettede kontaktpersonerne fra “${d.from || 'ingen'}” til “${d.to || 'ingen'}”.`,
  ),
  'organisation.closed': eventType(
    z.object({ users: z.number(), reason: text }),
    (d, t) => `${t.actor} lukkede organisationen med ${counted(d.users, 'bruger', 'brugere')}.${because(d)}`,
  ),
  'organisation.reopened': eventType(
    z.object({ reason: text }),
    (d, t) => `${t.actor} genåbnede organisationen.${because(d)}`,
  ),
  'organisation.selfAssignmentSwitched': eventType(z.object({ isAllowed: z.boolean(), reason: text }), (d, t) =>
    d.isAllowed
      ? `${t.actor} tillod, at administratorerne giver sig selv roller.${because(d)}`
      : `${t.actor} tog tilladelsen til at give sig selv roller tilbage.${because(d)}`,
  ),
} as const;
