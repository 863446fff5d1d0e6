import { z } from 'zod';
import type { ActorKind } from '../permissions/rules.ts';
import { danishDay } from '../shared/dates.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';
import { assignment, because, during, placement, roleText, termChanges, terms } from './assignment-detail.ts';

/** What a sentence may draw on besides the event's own detail. */
export type Told = { actor: string; target: string };

type EventType<Detail extends z.ZodType> = {
  detail: Detail;
  /** One Danish sentence without the time, for administrators and auditors. */
  sentence(detail: z.output<Detail>, told: Told): string;
};

const eventType = <Detail extends z.ZodType>(
  detail: Detail,
  sentence: EventType<Detail>['sentence'],
): EventType<Detail> => ({
  detail,
  sentence,
});

const text = z.string();
/** yyyy-mm-dd, a day in Denmark */
const day = z.iso.date();
const changedFields = z.record(text, z.object({ from: text.nullable(), to: text.nullable() }));
const fieldNames: Record<string, string> = {
  firstName: 'fornavn',
  lastName: 'efternavn',
  email: 'e-mailadresse',
  rid: 'RID-nummer',
  address: 'adresse',
  postcode: 'postnr.',
  city: 'by',
  phone: 'telefon',
  remark: 'bemærkning',
};

/** THE catalogue: everything that the log can say. A change whose event is not here does not compile. */
export const eventTypes = {
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
  'administrator.ended': eventType(
    z.object({ kind: z.enum(['ORGANISATION', 'USER', 'READ_ONLY']), reason: text.nullish() }),
    (d, t) => `${t.actor} fjernede ${t.target} som ${administratorKinds[d.kind]}.${because(d)}`,
  ),
  'todo.done': eventType(
    z.object({ kind: text, about: text }),
    (d, t) => `${t.actor} satte flueben ved huskepunktet “${d.about}”.`,
  ),
  'role.assigned': eventType(
    assignment,
    (d, t) => `${t.actor} tildelte ${t.target} ${roleText(d)} ${placement(d)}${during(d)}.${because(d)}`,
  ),
  'role.selfAssigned': eventType(
    assignment,
    (d, t) => `${t.actor} tildelte sig selv ${roleText(d)} ${placement(d)}${during(d)}.${because(d)}`,
  ),
  'role.namesakeAssigned': eventType(
    assignment,
    (d, t) =>
      `${t.actor} tildelte ${t.target}, som har samme navn eller e-mailadresse, ${roleText(d)} ${placement(d)}${during(d)}.${because(d)}`,
  ),
  'role.withdrawn': eventType(
    assignment,
    (d, t) => `${t.actor} fjernede ${roleText(d)} ${placement(d)} fra ${t.target}.${because(d)}`,
  ),
  'role.assignmentChanged': eventType(
    z.object({
      ...assignment.pick({
        assignmentId: true,
        role: true,
        roleName: true,
        service: true,
        reason: true,
        caseNumber: true,
      }).shape,
      from: terms,
      to: terms,
    }),
    (d, t) => `${t.actor} rettede ${t.target}s tildeling af ${roleText(d)}: ${termChanges(d.from, d.to)}.${because(d)}`,
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
  'signIn.accepted': eventType(
    z.object({ provider: text, level: text, portal: text }),
    (d, t) => `${t.target} loggede på ${d.portal} via ${d.provider} (sikringsniveau ${d.level}).`,
  ),
  'signIn.refused': eventType(
    z.object({ reason: text, provider: text.nullable(), cvr: text.nullable(), level: text.nullable() }),
    (d) => `Et login blev afvist: ${d.reason}.`,
  ),
  'change.refused': eventType(
    z.object({ action: text, reason: text, path: text }),
    (d, t) => `${t.actor} fik afvist en handling (${d.action}): ${d.reason}`,
  ),
  'sor.imported': eventType(
    z.looseObject({ fileName: text, rows: z.number(), added: z.number(), changed: z.number(), closed: z.number() }),
    (d, t) =>
      `${t.actor} indlæste SOR fra ${d.fileName}: ${d.added} nye, ${d.changed} ændrede og ${d.closed} lukkede enheder.`,
  ),
  'service.imported': eventType(
    z.looseObject({ fileName: text, services: z.number(), roles: z.number() }),
    (d, t) => `${t.actor} indlæste services og roller fra ${d.fileName}: ${d.services} services og ${d.roles} roller.`,
  ),
  'demo.seeded': eventType(
    z.looseObject({ users: z.number(), assignments: z.number() }),
    (d, t) => `${t.actor} oprettede demodata: ${d.users} brugere og ${d.assignments} tildelinger.`,
  ),
} as const;

export type EventKind = keyof typeof eventTypes;
export type DetailOf<Kind extends EventKind> = z.input<(typeof eventTypes)[Kind]['detail']>;

/** One line for the log, made by `event`. */
export type AuditEvent = {
  kind: EventKind;
  organisation: { id: number; name: string } | null;
  target: { userId: number; name: string } | null;
  detail: Record<string, unknown>;
  /** The actor's role where it is another than that of the change as a whole: an event in a second organisation. */
  as?: ActorKind;
};

/** An event of the catalogue; its detail is checked here, in the transaction of the change. */
export function event<Kind extends EventKind>(
  kind: Kind,
  about: Pick<AuditEvent, 'organisation' | 'target'>,
  detail: DetailOf<Kind>,
): AuditEvent {
  const checked: unknown = eventTypes[kind].detail.parse(detail);
  return { kind, ...about, detail: checked as Record<string, unknown> };
}

/** The sentence of a stored event; an event that the catalogue no longer knows is shown by its kind, never hidden. */
export function sentenceOf(kind: string, detail: unknown, told: Told): string {
  if (!Object.hasOwn(eventTypes, kind)) return `${told.actor}: ${kind}`;
  const type: EventType<z.ZodType> = eventTypes[kind as EventKind];
  const parsed = type.detail.safeParse(detail);
  return parsed.success ? type.sentence(parsed.data, told) : `${told.actor}: ${kind}`;
}

function fieldList(changes: z.infer<typeof changedFields>): string {
  return joinedWithAnd(
    Object.entries(changes).map(
      ([field, { from, to }]) => `${fieldNames[field] ?? field} fra ${quoted(from)} til ${quoted(to)}`,
    ),
  );
}

function quoted(value: string | null): string {
  return value === null || value === '' ? 'tomt' : `“${value}”`;
}

const administratorKinds = {
  ORGANISATION: 'organisationsadministrator',
  USER: 'brugeradministrator',
  READ_ONLY: 'read-only administrator',
} as const;

function lockPeriod({ from, until }: { from: string | null; until: string | null }): string {
  if (from !== null) return `fra ${danishDay(from)}`;
  return until === null ? 'med det samme' : 'fra nu af';
}

function removed(roles: number): string {
  return roles === 0 ? 'Brugeren havde ingen roller' : `${counted(roles, 'rolle', 'roller')} blev fjernet`;
}
