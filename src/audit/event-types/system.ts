import { z } from 'zod';
import { eventType, text } from './event-type.ts';

/** What the operator and the system do. */
export const systemEvents = {
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
  'todo.done': eventType(
    z.object({ kind: text, about: text }),
    (d, t) => `${t.actor} satte flueben ved huskepunktet “${d.about}”.`,
  ),
} as const;
