import { z } from 'zod';
import { assignment, because, during, placement, roleText, termChanges, terms } from '../assignment-detail.ts';
import { eventType } from './event-type.ts';

/** What happens to role assignments. */
export const roleAssignmentEvents = {
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
} as const;
