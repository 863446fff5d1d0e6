import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { mayOnBehalf } from './on-behalf-right.ts';
import type { User, UserField } from '../users/user.ts';
import { userFields } from '../users/user.ts';
import { fieldModels } from '../users/users.forms.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';

export function onBehalfPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/paa-vegne/brugere${rest}`;
}

/** Handl på organisationens vegne: the explicit step before any of it, with what may be done to this user. */
export function choicePage(organisation: AddressedOrganisation, actor: Actor, user: User): Page {
  const path = onBehalfPath(organisation, `/${user.id}`);
  const target = { organisationId: organisation.id, user };
  const hasLock = (user.isLocked || user.plannedLockFrom !== null) && !user.hasEmergencyLock;
  const acts = [
    { label: 'Rediger', href: `${path}/rediger`, may: mayOnBehalf(actor, 'user.edit', target) },
    {
      label: hasLock ? 'Ret spærring' : 'Spær',
      href: `${path}/spaer`,
      may: !user.hasEmergencyLock && mayOnBehalf(actor, 'user.lock', target),
    },
    { label: 'Lås op', href: `${path}/laas-op`, may: hasLock && mayOnBehalf(actor, 'user.unlock', target) },
    { label: 'Fjern roller', href: `${path}/roller`, may: mayOnBehalf(actor, 'role.withdraw', target) },
    { label: 'Slet', href: `${path}/slet`, may: mayOnBehalf(actor, 'user.delete', target) },
  ];
  return page(
    'on-behalf/choice',
    'Handl på organisationens vegne',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), isLast: user.isLastOrganisationAdministrator },
      acts: acts.filter(({ may }) => may),
      paths: { create: onBehalfPath(organisation, '/opret'), user: usersPath(organisation, `/${user.id}`) },
    },
    usersCrumbs(organisation, user),
  );
}

/** An ordinary form as one in the organisation's place: its own address, and the required reason on top. */
export function inPlaceOf(shown: Page, action: string, posted: Posted, errors: FieldErrors): Page {
  const reason = fieldOf(
    {
      name: 'paaVegne',
      label: 'Hvorfor handler du på organisationens vegne?',
      isRequired: true,
      hint: 'Sendes til alle organisationens organisationsadministratorer og står i ændringsloggen. Skriv ikke CPR-numre.',
    },
    posted,
    errors,
  );
  const title = `${shown.title} på organisationens vegne`;
  return { ...shown, title, model: { ...shown.model, errors: errorList(errors), onBehalf: { action, reason } } };
}

/** The fields that the system owner may edit: never the RID, nor an administrator's e-mail (permissions, condition 1). */
export function fieldsInPlaceOf(user: Pick<User, 'isAdministrator'>): UserField[] {
  return userFields.filter((field) => field !== 'rid' && !(field === 'email' && user.isAdministrator));
}

/** Rediger without the fields that only the organisation itself changes. */
export function editInPlaceOf(shown: Page, user: User, action: string, posted: Posted, errors: FieldErrors): Page {
  const changed = inPlaceOf(shown, action, posted, errors);
  return { ...changed, model: { ...changed.model, fields: fieldModels(fieldsInPlaceOf(user), posted, errors) } };
}
