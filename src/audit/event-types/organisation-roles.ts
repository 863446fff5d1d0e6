import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { day, eventType, text } from './event-type.ts';

const roles = z.array(z.object({ role: text, roleName: text, service: text })).min(1);
const mostNamed = 10;

/** “rollen Læge (AFD_LÆGE, FMK)”; of very many the first ones and how many more: the detail has all. */
export function rolesText(list: z.infer<typeof roles>): string {
  const named = list.slice(0, mostNamed).map((one) => `${one.roleName} (${one.role}, ${one.service})`);
  const more = list.length - named.length;
  return `${list.length === 1 ? 'rollen' : 'rollerne'} ${joinedWithAnd(more > 0 ? [...named, `${more} mere`] : named)}`;
}

/** "Rettigheder til roller": which roles an organisation may give. */
export const organisationRoleEvents = {
  'organisationRole.granted': eventType(
    z.object({ roles, reason: text.nullable() }),
    (d, t) => `${t.actor} gav organisationen ret til at tildele ${rolesText(d.roles)}.${because(d)}`,
  ),
  'organisationRole.withdrawn': eventType(
    z.object({ roles, lastDay: day.nullable(), assignments: z.number(), users: z.number(), reason: text }),
    (d, t) => `${t.actor} tog retten til at tildele ${rolesText(d.roles)} tilbage. ${ended(d)}${because(d)}`,
  ),
} as const;

function ended(d: { lastDay: string | null; assignments: number; users: number }): string {
  if (d.assignments === 0) return 'Ingen brugere havde dem.';
  const what = `${counted(d.assignments, 'tildeling', 'tildelinger')} til ${counted(d.users, 'bruger', 'brugere')}`;
  return d.lastDay === null ? `${what} sluttede med det samme.` : `${what} slutter senest ${danishDay(d.lastDay)}.`;
}
