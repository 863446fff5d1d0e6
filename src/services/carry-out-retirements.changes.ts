import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { sql } from '../db/sql.ts';

type Due = { code: string; name: string; service: string | null; day: string };

/** Retires every service and role whose day has come; a second run finds nothing. Tells how many it were. */
export async function carryOutRetirements(changes: Changes): Promise<number> {
  return recordSystemChange(changes, null, async (tx) => {
    const services = await tx.rows<Due>(sql`
      update service s set retired_at = now(), version = version + 1
      where retires_on <= danish_today() and retired_at is null
      returning s.code, s.name, null as service, s.retires_on::text as day`);
    const roles = await tx.rows<Due>(sql`
      update role r set retired_at = now(), version = r.version + 1 from service s
      where s.id = r.service_id and r.retires_on <= danish_today() and r.retired_at is null
      returning r.code, r.name, s.code as service, r.retires_on::text as day`);
    const due = [...services, ...roles];
    return {
      outcome: due.length,
      events: due.map((one) => event('service.retired', { organisation: null, target: null }, one)),
    };
  });
}
