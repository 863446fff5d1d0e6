import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { day, eventType, text } from './event-type.ts';

const signed = z.object({
  agreementId: z.number(),
  signedBy: text,
  signedOn: day,
  from: day,
  to: day.nullable(),
  policy: text,
  services: z.number(),
  sha256: text,
  renews: z.number().nullable(),
});

function terms({ signedBy, signedOn, from, to, policy, services }: z.infer<typeof signed>): string {
  const until = to === null ? 'uden slutdato' : `til og med ${danishDay(to)}`;
  return `underskrevet ${danishDay(signedOn)} af ${signedBy}, gælder fra ${danishDay(from)} ${until}, ${counted(services, 'service', 'services')}, sikkerhedspolitik efter ${policy}`;
}

/** What happens to agreements, and to the administrators whom they name. */
export const agreementEvents = {
  'agreement.registered': eventType(signed, (d, t) => `${t.actor} registrerede en aftale: ${terms(d)}.`),
  'agreement.renewed': eventType(signed, (d, t) => `${t.actor} fornyede aftalen: ${terms(d)}.`),
  'agreement.ended': eventType(
    z.object({ agreementId: z.number(), lastDay: day, reason: text }),
    (d, t) => `${t.actor} afsluttede aftalen med ${danishDay(d.lastDay)} som sidste dag.${because(d)}`,
  ),
  'agreement.reminded': eventType(
    z.object({ agreementId: z.number(), lastDay: day, daysBefore: z.number() }),
    (d, t) => `${t.actor} mindede om, at aftalen udløber ${danishDay(d.lastDay)}.`,
  ),
  'agreement.accepted': eventType(
    z.object({ number: z.number() }),
    (d, t) => `${t.actor} accepterede aftaletekst nr. ${d.number} for organisationen.`,
  ),
  'agreementText.drafted': eventType(
    z.object({ number: z.number(), characters: z.number() }),
    (d, t) => `${t.actor} skrev en kladde til aftaletekst nr. ${d.number} (${d.characters} tegn).`,
  ),
  'agreementText.published': eventType(
    z.object({ number: z.number(), changes: text }),
    (d, t) => `${t.actor} udgav aftaletekst nr. ${d.number}. Nyt: ${d.changes.replace(/[.\s]+$/, '')}.`,
  ),
  'administrator.appointedFirst': eventType(
    z.object({ agreementId: z.number() }),
    (d, t) =>
      `${t.actor} udpegede ${t.target} som den første organisationsadministrator, som aftale nr. ${d.agreementId} nævner.`,
  ),
  'administrator.appointedOnAgreement': eventType(
    z.object({ agreementId: z.number(), reason: text, stoodDown: text.nullable() }),
    (d, t) =>
      `${t.actor} udpegede ${t.target} som organisationsadministrator efter den nye aftale nr. ${d.agreementId}${d.stoodDown === null ? '' : ` i stedet for ${d.stoodDown}`}.${because(d)}`,
  ),
  'administrator.firstLoginExtended': eventType(
    z.object({ until: text }),
    (d, t) => `${t.actor} gav ${t.target} en ny frist for det første login: ${d.until}.`,
  ),
  'administrator.firstLogin': eventType(
    z.object({ provider: text, level: text, rid: text.nullable() }),
    (d, t) =>
      `${t.target} loggede på første gang via ${d.provider} (sikringsniveau ${d.level}), som aftalen kræver${d.rid === null ? '' : `, og fik RID-nummer ${d.rid} fra loginet`}.`,
  ),
} as const;
