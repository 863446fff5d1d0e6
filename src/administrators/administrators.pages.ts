import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { mailFaultText } from '../mail/mail-fault.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { counted } from '../shared/text.ts';
import type { UserRow } from '../users/user.ts';
import { administratorNames } from '../users/user.ts';
import type { UserListQuery } from '../users/user-list.ts';
import { errorList, organisationLine, paged, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { Administrator, Substitute } from './administrator.ts';
import { kinds, periodText, roleNames, servicesText } from './administrator.ts';

export function administratorsPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/administratorer${rest}`;
}

/** Lav rapport med brugeradministratorer, for screen and files. */
export function administratorsReportPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/rapporter/brugeradministratorer`;
}

export function administratorsCrumbs(organisation: { cvr: string }): Crumb[] {
  return [...usersCrumbs(organisation), { label: 'Rediger administratorer', href: administratorsPath(organisation) }];
}

export type Shown = {
  organisation: AddressedOrganisation;
  actor: Actor;
  administrators: Administrator[];
  substitutes: Substitute[];
  /** The users to choose from; null for those who appoint nobody. */
  users: { query: UserListQuery; rows: UserRow[]; count: number } | null;
  /** The address's own query, which a form keeps. */
  search: string;
  posted: Posted;
  errors: FieldErrors;
};

/** Rediger administratorer: who administers, and the users who can be made to. */
export function administratorsPage(shown: Shown): Page {
  const { organisation, actor, administrators, substitutes, users, posted, errors, search } = shown;
  const mayAppoint = mayEver(actor, 'administrator.appoint', organisation.id);
  const title = mayAppoint ? 'Rediger administratorer' : 'Administratorer';
  const lasting = administrators.filter((one) => one.kind === 'ORGANISATION' && one.hasBegun && !one.isLocked).length;
  const result = page(
    'administrators/index',
    title,
    {
      title,
      organisation: { line: organisationLine(organisation), name: organisation.name },
      kinds: kinds.map(({ kind, colour, may }) => ({ kind, name: administratorNames[kind], colour, may })),
      rows: administrators.map((one) => rowModel(shown, one, substitutes)),
      isAlone: lasting < 2,
      may: { appoint: mayAppoint, remove: mayEver(actor, 'administrator.remove', organisation.id) },
      users: users === null ? null : chooser(shown, users),
      errors: errorList(errors),
      errorOf: errors,
      start: typed(posted, 'startdato'),
      stop: typed(posted, 'slutdato'),
      buttons: kinds.map(({ kind }) => ({ kind, label: `Tilføj de valgte brugere til ${roleNames[kind]}` })),
      paths: {
        list: administratorsPath(organisation),
        appoint: `${administratorsPath(organisation)}${search}`,
        remove: administratorsPath(organisation, '/fjern'),
        report: administratorsReportPath(organisation),
        create: usersPath(organisation, '/opret'),
      },
    },
    usersCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? result : rejected(result);
}

function rowModel({ organisation, actor, posted }: Shown, one: Administrator, substitutes: Substitute[]): object {
  const path = administratorsPath(organisation, `/${one.id}`);
  const user = { id: one.userId, isAdministrator: true, isLastOrganisationAdministrator: one.isLast };
  const target = { organisationId: organisation.id, user };
  const unchanged = { ...target, user: { ...user, isLastOrganisationAdministrator: false } };
  return {
    ...one,
    name: fullName(one),
    href: one.homeOrganisationId === organisation.id ? usersPath(organisation, `/${one.userId}`) : null,
    home: one.homeOrganisationId === organisation.id ? null : one.homeName,
    mailFault: one.mailFault === null ? null : mailFaultText(one.mailFault),
    role: administratorNames[one.kind],
    services: one.services === null ? null : `Kun ${servicesText(one.services)}`,
    period: periodText(one),
    stateText: one.hasBegun ? null : 'Ikke begyndt',
    isTicked: typedList(posted, 'administrator').includes(String(one.id)),
    mayTick: can(actor, 'administrator.remove', target),
    isOnlyOne: one.isLast && can(actor, 'administrator.remove', unchanged),
    // Nobody changes the own rights (condition 8): the row says why it has no "Rediger".
    isOneself: one.userId === actor.userId && mayEver(actor, 'administrator.change', organisation.id),
    actions: [
      ...(can(actor, 'administrator.change', unchanged) ? [{ label: 'Rediger', href: path }] : []),
      ...(mayEver(actor, 'administrator.appoint', organisation.id) ? [{ label: 'Vikar', href: `${path}/vikar` }] : []),
    ],
    substitutes: substitutes
      .filter((substitute) => substitute.administratorId === one.id)
      .map((substitute) => `${fullName(substitute)}, ${periodText(substitute)}`),
  };
}

function chooser({ organisation, actor, posted }: Shown, users: NonNullable<Shown['users']>): object {
  const { shown, pager } = paged(users, administratorsPath(organisation));
  const ticked = typedList(posted, 'bruger');
  return {
    search: users.query.filter.search,
    rows: shown.map((row) => ({
      id: row.id,
      firstName: row.firstName,
      lastName: row.lastName,
      name: fullName(row),
      email: row.email,
      isLocked: row.isLocked,
      kind: row.administratorKind,
      role: row.administratorKind === null ? null : administratorNames[row.administratorKind],
      isTicked: ticked.includes(String(row.id)),
      mayTick: row.id !== actor.userId && !row.isLocked,
      isOneself: row.id === actor.userId,
    })),
    pager,
    countText: counted(users.count, 'bruger', 'brugere'),
  };
}
