import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { changedFieldNames, changedFields, day, eventType, fieldList, text } from './event-type.ts';

/** What happens to users. */
export const userEvents = {
  'user.created': eventType(
    z.object({ username: text, rid: text, email: text }),
    (d, t) => `${t.actor} oprettede brugeren ${t.target} (SEB-brugernavn ${d.username}, RID-nummer ${d.rid}).`,
  ),
  'user.edited': eventType(
    z.object({ changes: changedFields }),
    (d, t) => `${t.actor} ændrede ${fieldList(d.changes)} for ${t.target}.`,
  ),
  'user.ridChanged': eventType(
    z.object({ from: text, to: text, hadUuid: z.boolean() }),
    (d, t) =>
      `${t.actor} ændrede RID-nummer for ${t.target} fra ${d.from} til ${d.to}${d.hadUuid ? ', og bindingen til det gamle login blev fjernet' : ''}.`,
  ),
  'user.ownDetailsEdited': eventType(
    z.object({ changes: changedFields }),
    (d, t) => `${t.target} ændrede ${fieldList(d.changes)} i sine egne oplysninger.`,
  ),
  'user.ownEmailRequested': eventType(
    z.object({ to: text }),
    (d, t) => `${t.target} bad om at skifte sin e-mailadresse til ${d.to}, som skal bekræftes fra en mail.`,
  ),
  'user.ownEmailConfirmed': eventType(
    z.object({ from: text, to: text }),
    (d, t) => `${t.target} bekræftede sin nye e-mailadresse ${d.to} (før: ${d.from}).`,
  ),
  'user.uuidBound': eventType(
    z.object({ uuid: text, provider: text }),
    (d, t) =>
      `${t.target} loggede på første gang via ${d.provider}, og login med UUID ${d.uuid} blev knyttet til brugeren.`,
  ),
  'user.uuidMoved': eventType(z.object({ uuid: text, from: text.nullable() }), (d, t) =>
    d.from === null
      ? `${t.actor} knyttede login med UUID ${d.uuid} til ${t.target} i stedet for det gamle.`
      : `${t.actor} flyttede login med UUID ${d.uuid} fra ${d.from} til ${t.target}.`,
  ),
  'user.uuidRemoved': eventType(
    z.object({ uuid: text, to: text }),
    (d, t) => `${t.actor} fjernede login med UUID ${d.uuid} fra ${t.target}, da det hører til ${d.to}.`,
  ),
  'user.loginDataAdopted': eventType(
    z.object({ provider: text, fields: z.array(text) }),
    (d, t) =>
      `${t.actor} overtog ${joinedWithAnd(d.fields.map((field) => changedFieldNames[field] ?? field))} for ${t.target} fra et login via ${d.provider}.`,
  ),
  'user.locked': eventType(
    z.object({ from: day.nullable(), until: day.nullable(), reason: text }),
    (d, t) =>
      `${t.actor} spærrede ${t.target} ${lockPeriod(d)}${d.until === null ? '' : ` til og med ${danishDay(d.until)}`}.${because(d)}`,
  ),
  'user.unlocked': eventType(
    z.object({ wasPlanned: z.boolean() }),
    (d, t) =>
      `${t.actor} ${d.wasPlanned ? 'aflyste den planlagte spærring af' : 'låste'} ${t.target}${d.wasPlanned ? '' : ' op'}.`,
  ),
  'user.deleted': eventType(
    z.object({ username: text, rid: text, roles: z.number(), reason: text.nullable() }),
    (d, t) =>
      `${t.actor} slettede brugeren ${t.target} (SEB-brugernavn ${d.username}, RID-nummer ${d.rid}). ${removed(d.roles)}.${because(d)}`,
  ),
  'user.departurePlanned': eventType(
    z.object({ lastDay: day, before: day.nullable(), reason: text }),
    (d, t) =>
      `${t.actor} satte sidste arbejdsdag for ${t.target} til ${danishDay(d.lastDay)}${d.before === null ? '' : ` (før: ${danishDay(d.before)})`}.${because(d)}`,
  ),
  'user.departureCancelled': eventType(
    z.object({ lastDay: day }),
    (d, t) => `${t.actor} aflyste fratrædelsen for ${t.target} (sidste arbejdsdag var ${danishDay(d.lastDay)}).`,
  ),
  'user.departed': eventType(
    z.object({ lastDay: day, roles: z.number() }),
    (d, t) =>
      `${t.target} er fratrådt med ${danishDay(d.lastDay)} som sidste arbejdsdag. ${removed(d.roles)}, og brugeren blev spærret.`,
  ),
  'user.contactDataRemoved': eventType(
    z.object({ months: z.int() }),
    (d, t) =>
      `${t.actor} fjernede kontaktoplysningerne på ${t.target}, som blev slettet for mere end ${d.months} måneder siden.`,
  ),
  'user.cloned': eventType(
    z.object({
      /** Null when the source is a user of another organisation. */
      sourceUserId: z.number().nullable(),
      sourceName: text.nullable(),
      sourceOrganisation: text,
      added: z.number(),
      alreadyThere: z.number(),
      withdrawn: z.number(),
      reason: text.nullish(),
      caseNumber: text.nullish(),
    }),
    (d, t) =>
      `${t.actor} klonede roller fra ${d.sourceName ?? `en bruger i ${d.sourceOrganisation}`} til ${t.target}: ${d.added} nye, ${d.alreadyThere} i forvejen og ${d.withdrawn} fjernet.${because(d)}`,
  ),
  'user.clonedFrom': eventType(
    z.object({ organisation: text, receivers: z.number() }),
    (d, t) =>
      `${t.actor} klonede roller fra ${t.target} til ${d.receivers} ${d.receivers === 1 ? 'bruger' : 'brugere'} i ${d.organisation}.`,
  ),
  'user.imported': eventType(
    z.object({
      importId: z.number(),
      created: z.number(),
      changed: z.number(),
      assigned: z.number(),
      errors: z.number(),
      /** Rows that were left when the one who ordered it lost the right to it. */
      leftOut: z.number().nullish(),
    }),
    (d, t) =>
      `${t.actor} ${d.leftOut ? 'stoppede en indsættelse' : 'indsatte brugere'} fra Excel (nr. ${d.importId}): ${counted(d.created, 'bruger', 'brugere')} oprettet, ${d.changed} ændret, ${counted(d.assigned, 'rolle', 'roller')} tildelt og ${counted(d.errors, 'række', 'rækker')} med fejl${d.leftOut ? `; ${counted(d.leftOut, 'række', 'rækker')} blev ikke gennemført` : ''}.`,
  ),
} as const;

function lockPeriod({ from, until }: { from: string | null; until: string | null }): string {
  if (from !== null) return `fra ${danishDay(from)}`;
  return until === null ? 'med det samme' : 'fra nu af';
}

function removed(roles: number): string {
  return roles === 0 ? 'Brugeren havde ingen roller' : `${counted(roles, 'rolle', 'roller')} blev fjernet`;
}
