import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { because } from '../assignment-detail.ts';
import { day, eventType, text } from './event-type.ts';
import { rolesText } from './organisation-roles.ts';

const role = z.object({ role: text, roleName: text, service: text });
const asked = z.object({
  requestId: z.number(),
  service: text,
  roles: z.array(role).min(1),
  purpose: text,
  legalBasis: text,
});

/** An organisation asks for a service, and the system owner decides. */
export const serviceAccessEvents = {
  'serviceAccess.requested': eventType(
    asked,
    (d, t) =>
      `${t.actor} anmodede om ret til at tildele ${rolesText(d.roles)} (anmodning nr. ${d.requestId}). Formål: ${stopped(d.purpose)} Hjemmel: ${stopped(d.legalBasis)}`,
  ),
  'serviceAccess.registered': eventType(
    asked.extend({ askedBy: text, askedOn: day }),
    (d, t) =>
      `${t.actor} registrerede en anmodning fra ${d.askedBy}, modtaget ${danishDay(d.askedOn)}, om ret til at tildele ${rolesText(d.roles)} (anmodning nr. ${d.requestId}). Formål: ${stopped(d.purpose)} Hjemmel: ${stopped(d.legalBasis)}`,
  ),
  'serviceAccess.withdrawn': eventType(
    z.object({ requestId: z.number(), service: text }),
    (d, t) => `${t.actor} trak anmodning nr. ${d.requestId} om ${d.service} tilbage.`,
  ),
  'serviceAccess.decided': eventType(
    z.object({
      requestId: z.number(),
      service: text,
      granted: z.array(role),
      rejected: z.array(role),
      reason: text.nullable(),
    }),
    (d, t) =>
      `${t.actor} afgjorde anmodning nr. ${d.requestId} om ${d.service}: ${[
        ...(d.granted.length === 0 ? [] : [`godkendte ${rolesText(d.granted)}`]),
        ...(d.rejected.length === 0 ? [] : [`afviste ${rolesText(d.rejected)}`]),
      ].join(' og ')}.${because(d)}`,
  ),
} as const;

function stopped(sentence: string): string {
  return `${sentence.replace(/[.\s]+$/, '')}.`;
}
