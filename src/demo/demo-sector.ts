import { createHash } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { event } from '../audit/events.ts';
import { mergeServicesFile, readServicesFile } from '../services/import/import-services.ts';
import { makeAssignments } from './sector/assignments.ts';
import { todayInDenmark } from './sector/calendar.ts';
import { makeAssignmentsAtClosedUnits, makeAssignmentsOfOldRights } from './sector/old-assignments.ts';
import { seededRandom } from './sector/random.ts';
import type { Connection } from './sector/rows.ts';
import { makeSorUnits, type DemoUnit } from './sector/sor-units.ts';
import { makeUsers } from './sector/users.ts';
import { decideFates } from './sector/users-fates.ts';
import { writeAgreements } from './sector/write-agreements.ts';
import { writeAreas } from './sector/write-areas.ts';
import { writeAssignments } from './sector/write-assignments.ts';
import { writeAccessRequest, writeSupport } from './sector/write-catalogue.ts';
import { writeEvents } from './sector/write-events.ts';
import {
  closeOrganisations,
  closeUnits,
  readRoles,
  withdrawRights,
  writeOrganisations,
  writeRights,
  writeUnits,
} from './sector/write-organisations.ts';
import { writeLoginConflict } from './sector/write-login-conflict.ts';
import { writeMails } from './sector/write-mails.ts';
import { writeReportFile } from './sector/write-report-file.ts';
import { writeRequests } from './sector/write-requests.ts';
import { writeStatus } from './sector/write-status.ts';
import { lockUsers, userOf, writeAdministrators, writeSystemRoles, writeUsers } from './sector/write-users.ts';

const servicesFile = path.resolve(import.meta.dirname, '../../prisma/seed/services-roles.json');
const seed = 20261121;

/**
 * Fills an empty database with a made-up health sector, in one transaction; a database with organisations is left alone.
 * The same on every day but for what must lie around today (sector/calendar.ts).
 */
export async function seedDemoSector(ownerUrl: string, log: (line: string) => void): Promise<void> {
  const services = await readServicesFile(servicesFile);
  const db = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await db.connect();
  try {
    await db.query('begin');
    // Days and times of the sector are written as a Danish clock shows them.
    await db.query(`set local time zone 'Europe/Copenhagen'`);
    if (await hasOrganisations(db)) {
      log('The database has organisations already: no demo sector was made.');
      return;
    }
    await mergeServicesFile(db, services, 'Demodata');
    const { users, assignments } = await writeSector(db);
    await db.query('commit');
    // The first pages must not wait for autovacuum to tell the planner what is there.
    await db.query('analyze organisation, app_user, role, organisation_role, role_assignment, sor_unit, audit_event');
    log(`Demo sector: ${users} users and ${assignments} role assignments in 6 organisations.`);
  } finally {
    // An open transaction ends with its connection.
    await db.end();
  }
}

async function hasOrganisations(db: Connection): Promise<boolean> {
  // Of two starts at once the second one waits here, and then finds what the first one made.
  await db.query('lock table organisation in share row exclusive mode');
  const { rowCount } = await db.query('select from organisation limit 1');
  return rowCount !== 0;
}

/** What is closed, locked or withdrawn in the end is so only when all that happened before is written. */
async function writeSector(db: Connection): Promise<{ users: number; assignments: number }> {
  const today = todayInDenmark();
  const random = seededRandom(seed);
  const units = makeSorUnits(today);
  const ground = { random, today, units };

  const organisations = await writeOrganisations(db);
  await writeUnits(db, units);
  await recordUnits(db, units);
  const roles = await readRoles(db);
  await writeRights(db, organisations, roles);

  const users = decideFates(makeUsers(ground), ground);
  const written = await writeUsers(db, users, organisations);
  const usersByKey = new Map(written.map((user) => [user.key, user]));
  await writeAdministrators(db, usersByKey, organisations);
  await writeSystemRoles(db, usersByKey);
  await writeAgreements(db, usersByKey, organisations, today);
  await writeStatus(db, today);

  const given = [
    ...makeAssignments(users, roles, ground),
    ...makeAssignmentsAtClosedUnits(users, roles, ground),
    ...makeAssignmentsOfOldRights(users, ground),
  ];
  const assignments = await writeAssignments(db, given, usersByKey, roles);
  const others = [
    ...(await writeRequests(db, { organisations, users: usersByKey, roles, assignments })),
    ...(await writeMails(db, usersByKey, today)),
    ...(await writeLoginConflict(db, organisations, usersByKey)),
    ...(await writeReportFile(db, organisations, usersByKey)),
  ];
  await writeEvents(db, { users: usersByKey, assignments, organisations, others });
  await writeAreas(db, usersByKey);

  await writeSupport(db);
  await writeAccessRequest(db, organisations, userOf(usersByKey, 'region-org-admin'));
  await withdrawRights(db, organisations);
  await closeUnits(db, units);
  await lockUsers(db, written);
  await closeOrganisations(db, organisations);
  // Last, since it counts what is there; the year before comes from the periods.
  await db.query('select count_report_figures()');
  return { users: written.length, assignments: assignments.length };
}

/** As the SOR importer does, so that its next run compares with these units. */
async function recordUnits(db: Connection, units: DemoUnit[]): Promise<void> {
  const counts = { rows: units.length, added: units.length, changed: 0, closed: 0 };
  const detail = { fileName: 'demosektor', ...counts };
  const sha256 = createHash('sha256').update(JSON.stringify(units)).digest('hex');
  await db.query(
    'insert into sor_import (file_name, sha256, rows, added, changed, closed) values ($1, $2, $3, $3, 0, 0)',
    [detail.fileName, sha256, units.length],
  );
  const { kind } = event('sor.imported', { organisation: null, target: null }, detail);
  await db.query(
    `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) values ($1, 'OPERATOR', 'Demodata', 'Drift', $2)`,
    [kind, detail],
  );
}
