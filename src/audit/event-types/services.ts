import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { changedFields, day, eventType, fieldList, text } from './event-type.ts';

const fieldNames = {
  code: 'kode',
  name: 'navn',
  owner: 'ejer',
  description: 'beskrivelse',
  synonyms: 'synonymer',
  needsSor: 'kræver SOR-enhed',
  needsCpr: 'kræver CPR-nummer i login',
  sensitivity: 'følsomhed',
  supportName: 'supportens navn',
  supportPhone: 'supportens telefon',
  supportEmail: 'supportens e-mailadresse',
  supportLinks: 'supportens links',
};

/** What is retired: a role names its service too. */
const retired = z.object({ code: text, name: text, service: text.nullable() });
type Retired = z.infer<typeof retired>;

/** What happens to services and their roles, which belong to all organisations. */
export const serviceEvents = {
  'service.created': eventType(
    z.object({ code: text, name: text, owner: text }),
    (d, t) => `${t.actor} oprettede servicen ${d.name} (${d.code}), som ${d.owner} ejer.`,
  ),
  'service.edited': eventType(
    z.object({ code: text, name: text, changes: changedFields }),
    (d, t) => `${t.actor} ændrede ${fieldList(d.changes, fieldNames)} for servicen ${d.name} (${d.code}).`,
  ),
  'service.roleCreated': eventType(
    z.object({ service: text, role: text, roleName: text, needsSor: z.boolean(), needsCpr: z.boolean() }),
    (d, t) =>
      `${t.actor} oprettede rollen ${d.roleName} (${d.role}, ${d.service}), som ${d.needsSor ? 'kræver' : 'ikke kræver'} SOR-enhed og ${d.needsCpr ? 'kræver' : 'ikke kræver'} CPR-nummer i login.`,
  ),
  'service.roleEdited': eventType(
    z.object({ service: text, role: text, roleName: text, changes: changedFields }),
    (d, t) =>
      `${t.actor} ændrede ${fieldList(d.changes, fieldNames)} for rollen ${d.roleName} (${d.role}, ${d.service}).`,
  ),
  'service.retirementPlanned': eventType(
    retired.extend({
      day,
      before: day.nullable(),
      successor: text.nullable(),
      organisations: z.number(),
      users: z.number(),
      reason: text,
    }),
    (d, t) =>
      `${t.actor} besluttede, at ${nounOf(d)} udfases ${danishDay(d.day)}${d.before === null ? '' : ` (før: ${danishDay(d.before)})`}${successor(d.successor)}. ${counted(d.organisations, 'organisation', 'organisationer')} kunne tildele den, og ${counted(d.users, 'bruger', 'brugere')} havde den.${because(d)}`,
  ),
  /** The same in each organisation that it concerns. */
  'service.retirementTold': eventType(
    retired.extend({ day, successor: text.nullable(), users: z.number() }),
    (d, t) =>
      `${t.actor} besluttede, at ${nounOf(d)} udfases ${danishDay(d.day)}${successor(d.successor)}. ${counted(d.users, 'bruger', 'brugere')} i organisationen havde den.`,
  ),
  'service.retirementCancelled': eventType(
    retired.extend({ day }),
    (d, t) => `${t.actor} fortrød, at ${nounOf(d)} udfases ${danishDay(d.day)}.`,
  ),
  'service.retired': eventType(
    retired.extend({ day }),
    (d, t) => `${t.actor} udfasede ${nounOf(d)} som besluttet til ${danishDay(d.day)}. Den kan ikke længere tildeles.`,
  ),
} as const;

function nounOf({ code, name, service }: Retired): string {
  return service === null ? `servicen ${name} (${code})` : `rollen ${name} (${code}, ${service})`;
}

function successor(name: string | null): string {
  return name === null ? ' uden afløser' : ` og afløses af ${name}`;
}
