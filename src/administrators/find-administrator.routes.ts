import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { personalGet } from '../pages/route.ts';
import type { Contact } from '../pages/services.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import type { Person } from '../permissions/actor.ts';
import { fullName, isUser, organisationOfPerson } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import { formatCvr } from '../shared/text.ts';
import type { AdministratorToAsk } from '../sign-in/sign-in.queries.ts';
import { findAdministrators } from '../sign-in/sign-in.queries.ts';
import { administratorNames } from '../users/user.ts';
import { listAdministrators, listSubstitutes } from './administrators.queries.ts';

export const findAdministratorPath = '/find-administrator';

/** In both portals, for everybody who is signed in, user or not. */
export const findAdministratorRoutes: Route[] = [personalGet(findAdministratorPath, 'ownAdministrators.find', show)];

/** Find din administrator: whom to turn to in one's own organisation, or how to reach the servicedesk where there is nobody. */
async function show(visit: PersonalVisit, db: ReadDb): Promise<Answer> {
  const { person, services } = visit;
  const own = organisationOfPerson(person);
  const isNamesOnly = own === null || !seesAddresses(person);
  const people = isNamesOnly
    ? (await findAdministrators(services.database, person.cvr)).map((one) => ({ ...one, email: null }))
    : await withAddresses(db, own.id);
  return page(
    'administrators/find',
    'Find din administrator',
    {
      organisation: `${person.organisationName}, CVR ${formatCvr(person.cvr)}`,
      administrators: people.map((one) => ({
        name: fullName(one),
        role: administratorNames[one.kind],
        kind: one.kind,
        area: one.responsibilityArea,
        email: one.email,
      })),
      seesAddresses: !isNamesOnly,
      servicedesk: servicedeskOf(services.contact, person.cvr),
    },
    [{ label: visit.portal === 'sebadmin' || !isUser(person) ? 'Forside' : 'Mine adgange', href: '/' }],
  );
}

/** Employees see names, to choose a recipient; who administers here sees the addresses as well. */
function seesAddresses(person: Person): boolean {
  if (!isUser(person)) return false;
  const decision = decide(person, 'administrator.view', { organisationId: person.organisationId });
  return decision.allowed && decision.limit === null;
}

async function withAddresses(db: ReadDb, organisationId: number): Promise<(AdministratorToAsk & { email: string })[]> {
  const all = await listAdministrators(db, organisationId);
  const here = all.filter((one) => one.kind !== 'READ_ONLY' && one.hasBegun);
  const substitutes = (await listSubstitutes(db, organisationId)).filter((one) => one.hasBegun);
  return [
    ...here.filter((one) => !one.isLocked).map((one) => ({ ...one, responsibilityArea: one.area })),
    ...substitutes.flatMap((one) => {
      const away = here.find((administrator) => administrator.id === one.administratorId);
      const area = away && `vikar for ${fullName(away)}`;
      return away === undefined ? [] : [{ ...one, kind: away.kind, responsibilityArea: area ?? null }];
    }),
  ];
}

/** The way to the servicedesk, with the CVR number in the subject as it asks for. */
export function servicedeskOf({ email, phone, hours }: Contact, cvr: string) {
  const subject = encodeURIComponent(`SEB, CVR ${cvr}`);
  return { email, phone, hours, mailto: `mailto:${email}?subject=${subject}` };
}
