import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { CountedUnit } from '../role-assignments/assign.queries.ts';
import { faultOfUnit } from '../role-assignments/assign.queries.ts';
import { unitModel } from '../role-assignments/assign.pages.ts';
import type { GivableRole } from '../role-assignments/assignment.ts';
import { scopeNames } from '../role-assignments/assignment.ts';
import { danishDay } from '../shared/dates.ts';
import { fieldModels } from '../users/users.forms.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import type { AccessRequest } from './access-request.ts';
import { factsOf } from './access-requests.mail.ts';
import type { RequestableRole } from './access-requests.queries.ts';
import { requestsPath } from './requests.pages.ts';

export type Approving = {
  organisation: AddressedOrganisation;
  actor: Actor;
  request: AccessRequest;
  /** Roles that were asked for or ticked before. */
  roles: RequestableRole[];
  services: ServiceChoice[];
  service: ServiceChoice | null;
  /** Further roles of the service that was chosen. */
  further: GivableRole[];
  units: CountedUnit[];
  posted: Posted;
  errors: FieldErrors;
  notice: string | null;
};

/** The form as it is first shown: what was asked for, and the user as the login told it. */
export function asAsked(request: AccessRequest): Posted {
  return {
    version: String(request.version),
    firstName: request.firstName,
    lastName: request.lastName,
    email: request.email,
    rolle: request.roles.filter(({ isGivable }) => isGivable).map(({ id }) => String(id)),
    ...(request.sorCode === null ? {} : { sor: request.sorCode, omfang: 'UNIT_ONLY' }),
    startdato: request.startsOn === null ? '' : danishDay(request.startsOn),
    slutdato: request.endsOn === null ? '' : danishDay(request.endsOn),
  };
}

/** Godkend: the user that is created, and what is actually given. */
export function approvePage(approving: Approving): Page {
  const { organisation, actor, request, roles, service, further, units, posted, errors, notice } = approving;
  const path = requestsPath(organisation, `/${request.id}`);
  const ticked = new Set(typedList(posted, 'rolle'));
  const [subject] = request.subjects;
  const listed = new Set(roles.map(({ id }) => id));
  const shown = page(
    'access-requests/approve',
    `Godkend anmodning nr. ${request.id}`,
    {
      heading: `Godkend anmodning nr. ${request.id}`,
      lead: `${fullName(request)}, ${organisationLine(organisation)}`,
      notice,
      facts: factsOf(request).map(([label, value]) => ({ label, value })),
      newUser:
        subject === undefined
          ? {
              fields: fieldModels(['firstName', 'lastName', 'email'], posted, errors),
              rid: request.rid ?? 'UUID står for det, indtil RID-nummeret kommer med et login',
              uuid: request.uuid ?? 'Gemmes ved første login',
            }
          : null,
      subject: subject === undefined ? null : fullName(subject),
      isOwn: request.userId === actor.userId,
      roles: roles.map((role) => ({ ...role, isTicked: ticked.has(String(role.id)) && role.isGivable })),
      services: approving.services,
      service,
      further: further
        .filter(({ id }) => !listed.has(id))
        .map((role) => ({ ...role, isTicked: ticked.has(String(role.id)) })),
      needsUnit: [...roles, ...further].some(({ needsSor }) => needsSor),
      units: units.filter((one) => faultOfUnit(one) === null).map(unitModel),
      sor: units
        .filter((one) => faultOfUnit(one) !== null)
        .map(({ code }) => code)
        .join(' '),
      scope: typed(posted, 'omfang'),
      scopeNames,
      start: typed(posted, 'startdato'),
      stop: typed(posted, 'slutdato'),
      reason: typed(posted, 'begrundelse'),
      caseNumber: typed(posted, 'sagsnummer'),
      version: typed(posted, 'version'),
      errorOf: errors,
      errors: errorList(errors),
      paths: {
        form: `${path}/godkend`,
        picker: `/organisationer/${organisation.cvr}/sor`,
        find: `/organisationer/${organisation.cvr}/sor/find`,
        back: path,
      },
    },
    [
      home,
      { label: 'Anmodninger', href: requestsPath(organisation) },
      { label: `Anmodning nr. ${request.id}`, href: path },
    ],
  );
  if (notice !== null) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
