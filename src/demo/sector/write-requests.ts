import { givenText } from '../../access-requests/access-requests.mail.ts';
import { event } from '../../audit/events.ts';
import { demoOrganisations } from '../demo-people.ts';
import { addDays, ago } from './calendar.ts';
import { fallback, recipient, requests, type DemoRequest } from './requests.ts';
import { insertRows, nextIds, type Connection } from './rows.ts';
import { administratorBy, employeeBy, userBy, type Told } from './told.ts';
import type { WrittenAssignment } from './write-assignments.ts';
import type { KnownRole, OrganisationIds } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

type Ground = {
  organisations: OrganisationIds;
  users: ReadonlyMap<string, WrittenUser>;
  roles: ReadonlyMap<string, KnownRole>;
  assignments: readonly WrittenAssignment[];
};

/** Employees' requests in Region Eksempel, whom the system owner keeps for Forskermaskinen, and what the log tells of them. */
export async function writeRequests(db: Connection, ground: Ground): Promise<Told[]> {
  const { rows } = await db.query<{ id: number }>(
    `insert into research_recipient (name, email) values ('Forskerservice', 'forskerservice@sundhedsdata.example') returning id`,
  );
  const made = requests
    .map((request) => ({ ...request, ...momentsOf(request, ground) }))
    .toSorted((one, other) => (one.sentAt < other.sentAt ? -1 : 1));
  const ids = await nextIds(db, 'access_request', made.length);
  const told: Told[] = [];
  for (const [place, request] of made.entries())
    told.push(
      ...(await writeRequest(db, ground, { ...request, id: ids[place] ?? 0, researchId: rows[0]?.id ?? null })),
    );
  return told;
}

type Moments = { given: WrittenAssignment | null; sentAt: string; endedAt: string };

function momentsOf({ by, sent, ending }: DemoRequest, { assignments }: Ground): Moments {
  if (sent !== null) return { given: null, sentAt: ago(sent), endedAt: ago(Math.max(sent - 1, 0)) };
  const key = 'user' in by ? by.user : '';
  const given = assignments.findLast(({ user, withdrawnAt }) => user.key === key && withdrawnAt === null);
  if (given === undefined) throw new Error(`${key} was given nothing that a request (${ending.state}) could be about`);
  return { given, sentAt: `${addDays(given.createdAt.slice(0, 10), -1)} 09:12`, endedAt: given.createdAt };
}

type Making = DemoRequest & Moments & { id: number; researchId: number | null };

async function writeRequest(db: Connection, ground: Ground, request: Making): Promise<Told[]> {
  const { organisations, users } = ground;
  const user = 'user' in request.by ? userOf(users, request.by.user) : null;
  const who = 'user' in request.by ? userOf(users, request.by.user) : request.by;
  const [to, other] = [userOf(users, recipient), userOf(users, fallback)];
  const { id, ending, given, sentAt, endedAt, project = null } = request;
  const organisation_id = organisations.region;
  const isOver = ending.state === 'granted' || ending.state === 'partly' || ending.state === 'rejected';
  const decider = isOver ? (given?.givenBy ?? to) : null;
  const taker = ending.state === 'taken' ? userOf(users, ending.by) : null;
  await insertRows(db, 'access_request', [
    {
      id,
      organisation_id,
      kind: project === null ? 'ORDINARY' : 'RESEARCH',
      says_new_user: user === null,
      user_id: user?.id ?? null,
      rid: 'user' in request.by ? null : request.by.rid,
      first_name: who.firstName,
      last_name: who.lastName,
      level: 'Substantial',
      email: user?.email ?? `${who.firstName.toLowerCase()}@region-eksempel.example`,
      wanted: request.wanted,
      project_number: project,
      data_owner_approval: project === null ? null : 'Regionens forskningsudvalg, sag 26/4711',
      research_recipient_id: project === null ? null : request.researchId,
      recipient_id: to.id,
      recipient_name: to.name,
      fallback_id: other.id,
      fallback_name: other.name,
      taken_by_id: taker?.id ?? null,
      taken_by_name: taker?.name ?? null,
      taken_at: taker === null ? null : endedAt,
      escalation: 0,
      created_at: sentAt,
      withdrawn_at: ending.state === 'withdrawn' ? endedAt : null,
      decided_at: isOver ? endedAt : null,
      decided_by_id: decider?.id ?? null,
      decided_by_name: decider?.name ?? null,
      decision: isOver ? ending.state.toUpperCase() : null,
      decision_reason: 'reason' in ending ? ending.reason : null,
      is_self_decided: false,
      version: 1,
    },
  ]);
  const wished = rolesOf(request, ground);
  await insertRows(
    db,
    'access_request_role',
    wished.map((role) => ({ request_id: id, organisation_id, role_id: role.id })),
  );
  if (given !== null) await writeGrant(db, id, given);
  return toldOf({ request, user, who, wished, to, taker, decider }, ground);
}

function rolesOf({ role, given, ending }: Making, { roles }: Ground): KnownRole[] {
  const keys = [role, ending.state === 'partly' ? ending.alsoWanted : null].filter((key) => key !== null);
  const known = keys.map((key) => {
    const found = roles.get(key);
    if (found === undefined) throw new Error(`the catalogue has no role ${key}`);
    return found;
  });
  return given === null ? known : [given.role, ...known];
}

async function writeGrant(db: Connection, id: number, { role, unit, scope, user }: WrittenAssignment): Promise<void> {
  await db.query(
    `insert into access_request_grant (request_id, organisation_id, role_id, sor_code, scope) values ($1, $2, $3, $4, $5)`,
    [id, user.organisationId, role.id, unit?.code ?? null, scope],
  );
}

type Parties = {
  request: Making;
  user: WrittenUser | null;
  who: { firstName: string; lastName: string };
  wished: KnownRole[];
  to: WrittenUser;
  taker: WrittenUser | null;
  decider: WrittenUser | null;
};

/** The events that asking, taking, withdrawing and deciding would have written. */
function toldOf({ request, user, who, wished, to, taker, decider }: Parties, { organisations }: Ground): Told[] {
  const { id: requestId, ending, sentAt, endedAt, given } = request;
  const name = `${who.firstName} ${who.lastName}`;
  const about = {
    organisation: { id: organisations.region, name: demoOrganisations.region.name },
    target: { userId: user?.id ?? null, name },
  };
  const own = user === null ? employeeBy(name) : userBy(user);
  const kind = request.project === undefined ? ('ORDINARY' as const) : ('RESEARCH' as const);
  const roles = wished.map((role) => `${role.name} (${role.serviceName})`);
  const sent = { ...event('request.sent', about, { requestId, kind, roles, recipient: to.name }), at: sentAt, by: own };
  if (ending.state === 'withdrawn')
    return [sent, { ...event('request.withdrawn', about, { requestId }), at: endedAt, by: own }];
  if (taker !== null) {
    const taken = event('request.taken', about, { requestId, from: null });
    return [sent, { ...taken, at: endedAt, by: administratorBy(taker, 'USER') }];
  }
  if (decider === null) return [sent];
  const detail = {
    requestId,
    decision: ending.state === 'granted' ? 'GRANTED' : ending.state === 'partly' ? 'PARTLY' : 'REJECTED',
    given: given === null ? [] : [givenAs(given)],
    notGiven: wished.filter(({ id }) => id !== given?.role.id).map((role) => role.name),
    reason: 'reason' in ending ? ending.reason : null,
  } as const;
  const by = administratorBy(decider, given?.giver?.kind ?? 'ORGANISATION');
  return [sent, { ...event('request.decided', about, detail), at: endedAt, by }];
}

function givenAs({ role, unit, scope }: WrittenAssignment): string {
  const placed = { sorCode: unit?.code ?? null, unitName: unit?.name ?? null, scope };
  return givenText({
    roleName: role.name,
    roleCode: role.code,
    serviceName: role.serviceName,
    ...placed,
    startsOn: null,
    endsOn: null,
  });
}
