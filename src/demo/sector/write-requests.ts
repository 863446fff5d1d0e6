import type { Connection } from './rows.ts';
import type { OrganisationIds } from './write-organisations.ts';
import type { WrittenUser } from './write-users.ts';

type Handling = {
  takenBy?: string;
  decision?: 'GRANTED' | 'PARTLY' | 'REJECTED';
  reason?: string;
  withdrawn?: boolean;
};

type DemoRequest = Handling & {
  /** A user, or somebody whom only the login knows. */
  by: { user: string } | { firstName: string; lastName: string; rid: string };
  daysAgo: number;
  wanted: string;
  role: string | null;
  project?: string;
};

const recipient = 'region-org-admin';
const fallback = 'region-user-admin';

/** One in every state; the first ones are the oldest. */
const requests: DemoRequest[] = [
  {
    by: { user: 'region-user' },
    daysAgo: 40,
    wanted: 'Jeg skal se aftaler for patienter på tværs af afdelinger i min vagt.',
    role: 'espAftaleLaes',
    decision: 'REJECTED',
    reason: 'Rollen følger med vagtplanen fra næste måned. Anmod igen, hvis den mangler da.',
  },
  {
    by: { user: 'region-user' },
    daysAgo: 30,
    wanted: 'Jeg bad om den forkerte rolle.',
    role: null,
    withdrawn: true,
  },
  {
    by: { user: 'region-2' },
    daysAgo: 20,
    wanted: 'Jeg er ny i afdelingen og skal kunne det samme som mine kolleger.',
    role: null,
    decision: 'GRANTED',
  },
  {
    by: { user: 'region-4' },
    daysAgo: 12,
    wanted: 'Jeg skal bruge adgang til både klinik og statistik.',
    role: 'espAftaleLaes',
    decision: 'PARTLY',
    reason: 'Statistik kræver et projekt. Resten har du fået.',
  },
  {
    by: { firstName: 'Mikkel', lastName: 'Brøndum Ørsted', rid: '20261131' },
    daysAgo: 3,
    wanted: 'Jeg begynder som reservelæge den 1. og skal kunne slå patienters aftaler op.',
    role: 'espAftaleLaes',
    takenBy: 'region-user-admin',
  },
  {
    by: { firstName: 'Sofie', lastName: 'Ågård Lind', rid: '20261132' },
    daysAgo: 1,
    wanted: 'Jeg skal arbejde med data om indlæggelser i projektet.',
    role: null,
    project: 'FSE-2026-118',
  },
  {
    by: { firstName: 'Frederikke', lastName: 'Juul Sæderup', rid: '20261133' },
    daysAgo: 0,
    wanted: 'Jeg er sekretær på Kirurgisk Afdeling og skal bruge de samme adgange som mine kolleger.',
    role: null,
  },
];

/** Employees' requests in Region Eksempel, and whom the system owner keeps for Forskermaskinen. */
export async function writeRequests(
  db: Connection,
  organisations: OrganisationIds,
  users: ReadonlyMap<string, WrittenUser>,
): Promise<void> {
  const { rows } = await db.query<{ id: number }>(
    `insert into research_recipient (name, email) values ('Forskerservice', 'forskerservice@sundhedsdata.example') returning id`,
  );
  for (const request of requests) await writeRequest(db, organisations.region, users, request, rows[0]?.id ?? null);
}

const nameOf = (user: WrittenUser | undefined): string => `${user?.firstName ?? ''} ${user?.lastName ?? ''}`;

async function writeRequest(
  db: Connection,
  organisationId: number,
  users: ReadonlyMap<string, WrittenUser>,
  request: DemoRequest,
  researchId: number | null,
): Promise<void> {
  const user = 'user' in request.by ? users.get(request.by.user) : undefined;
  const who = 'user' in request.by ? user : request.by;
  const [to, other] = [users.get(recipient), users.get(fallback)];
  const isResearch = request.project !== undefined;
  const decider = request.decision === undefined ? undefined : to;
  const taker = users.get(request.takenBy ?? '');
  const { rows } = await db.query<{ id: number }>(
    `insert into access_request (organisation_id, kind, says_new_user, user_id, rid, first_name, last_name, level, email, wanted,
       project_number, data_owner_approval, research_recipient_id, recipient_id, recipient_name, fallback_id, fallback_name,
       taken_by_id, taken_by_name, taken_at, created_at, withdrawn_at, decided_at, decided_by_id, decided_by_name, decision, decision_reason)
     values ($1, $2, $3, $4, $5, $6, $7, 'Substantial', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::int, $18, case when $17::int is null then null else now() end,
       now() - make_interval(days => $19), case when $20 then now() - make_interval(days => $19 - 1) end,
       case when $21::int is null then null else now() - make_interval(days => $19 - 1) end, $21::int, $22, $23, $24)
     returning id`,
    [
      organisationId,
      isResearch ? 'RESEARCH' : 'ORDINARY',
      user === undefined,
      user?.id ?? null,
      'user' in request.by ? null : request.by.rid,
      who?.firstName,
      who?.lastName,
      user?.email ?? `${(who?.firstName ?? '').toLowerCase()}@region-eksempel.example`,
      request.wanted,
      request.project ?? null,
      isResearch ? 'Regionens forskningsudvalg, sag 26/4711' : null,
      isResearch ? researchId : null,
      to?.id,
      nameOf(to),
      other?.id,
      nameOf(other),
      taker?.id ?? null,
      taker === undefined ? null : nameOf(taker),
      request.daysAgo,
      request.withdrawn === true,
      decider?.id ?? null,
      decider === undefined ? null : nameOf(decider),
      request.decision ?? null,
      request.reason ?? null,
    ],
  );
  await db.query(
    `insert into access_request_role (request_id, organisation_id, role_id) select $1, $2, r.id from role r where r.code = $3 limit 1`,
    [rows[0]?.id, organisationId, request.role],
  );
}
