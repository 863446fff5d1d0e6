import { wallOf } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { writeEvents } from './change-steps.ts';
import type { AuditEvent } from './events.ts';
import type { Where } from './record-refusal.ts';

/**
 * Logs what somebody took out of SEB. Nothing is changed by it, so it neither locks nor waits; it is committed before the
 * answer is sent, so that nothing is seen that the log does not know of.
 */
export async function recordReading(
  database: Database,
  reader: { actor: Actor; as: ActorKind },
  read: AuditEvent,
  where: Where,
): Promise<void> {
  const { actor, as } = reader;
  const wall = wallOf(read.organisation === null ? [] : [read.organisation.id]);
  await database.prisma.$transaction(async (prisma) => {
    await prisma.$queryRaw`select set_config('seb.organisations', ${wall}, true)`;
    await writeEvents(prisma, [read], {
      ...where,
      kind: 'PERSON',
      userId: actor.userId,
      name: fullName(actor),
      role: as,
      onBehalf: false,
    });
  });
}
