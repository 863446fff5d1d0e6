import { z } from 'zod';
import { joinedWithAnd } from '../shared/text.ts';

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
const changedFields = z.record(text, z.object({ from: text.nullable(), to: text.nullable() }));
const assignment = z.object({
  assignmentId: z.number(),
  role: text,
  roleName: text,
  service: text,
  sorCode: text.nullable(),
  unitName: text.nullable(),
  scope: z.enum(['UNIT_AND_SUBUNITS', 'UNIT_ONLY']),
  reason: text.nullish(),
  caseNumber: text.nullish(),
});
export type AssignmentDetail = z.infer<typeof assignment>;

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
  'user.ownEmailConfirmed': eventType(
    z.object({ from: text, to: text }),
    (d, t) => `${t.target} bekræftede sin nye e-mailadresse ${d.to} (før: ${d.from}).`,
  ),
  'user.uuidBound': eventType(
    z.object({ uuid: text, provider: text }),
    (d, t) =>
      `${t.target} loggede på første gang via ${d.provider}, og login med UUID ${d.uuid} blev knyttet til brugeren.`,
  ),
  'role.assigned': eventType(
    assignment,
    (d, t) => `${t.actor} tildelte ${t.target} ${roleText(d)} ${placement(d)}.${because(d)}`,
  ),
  'role.selfAssigned': eventType(
    assignment,
    (d, t) => `${t.actor} tildelte sig selv ${roleText(d)} ${placement(d)}.${because(d)}`,
  ),
  'role.namesakeAssigned': eventType(
    assignment,
    (d, t) =>
      `${t.actor} tildelte ${t.target}, som har samme navn eller e-mailadresse, ${roleText(d)} ${placement(d)}.${because(d)}`,
  ),
  'role.withdrawn': eventType(
    assignment,
    (d, t) => `${t.actor} fjernede ${roleText(d)} ${placement(d)} fra ${t.target}.`,
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

function placement(detail: AssignmentDetail): string {
  if (detail.sorCode === null) return 'uden placering (0)';
  const scope = detail.scope === 'UNIT_AND_SUBUNITS' ? 'denne enhed og underenheder' : 'kun denne enhed';
  return `ved ${detail.unitName ?? 'SOR-enhed'} (${detail.sorCode}), ${scope}`;
}

function roleText(detail: AssignmentDetail): string {
  return `rollen ${detail.roleName} (${detail.role}, ${detail.service})`;
}

/** What was written as the reason, as sentences of their own. */
function because({ reason, caseNumber }: AssignmentDetail): string {
  const why = reason ? ` Begrundelse: ${reason.replace(/[.\s]+$/, '')}.` : '';
  return caseNumber ? `${why} Sagsnummer: ${caseNumber}.` : why;
}
