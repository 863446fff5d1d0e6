import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { Departure } from './departure.ts';

type Departing = {
  organisation: AddressedOrganisation;
  user: User;
  /** The planned departure; null when there is none. */
  open: Departure | null;
  posted: Posted;
  errors: FieldErrors;
  /** Somebody else planned, moved or cancelled it meanwhile. */
  isStale?: boolean;
};

/** Fratrædelse: the last working day, and why. */
export function departurePage({ organisation, user, open, posted, errors, isStale = false }: Departing): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const title = open === null ? 'Fratrædelse' : 'Ret fratrædelse';
  const shown = page(
    'departures/plan',
    title,
    {
      title,
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      version: isStale ? versionOf(open) : typed(posted, 'version') || versionOf(open),
      day: dayField(
        { name: 'dag', label: 'Sidste arbejdsdag', isRequired: true, hint: 'dd-mm-åååå. I dag eller senere.' },
        posted,
        errors,
      ),
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Begrundelse',
          isRequired: true,
          hint: 'Fx fratrådt efter eget ønske. Står i ændringsloggen. Skriv ikke CPR-numre eller helbredsoplysninger.',
        },
        posted,
        errors,
      ),
      errors: errorList(errors),
      differences: isStale ? differences(open, posted) : null,
      isPlanned: open !== null,
      paths: { form: `${path}/fratraedelse`, cancel: `${path}/fratraedelse/aflys`, user: path },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function versionOf(open: Departure | null): string {
  return String(open?.version ?? 0);
}

function differences(open: Departure | null, posted: Posted): { label: string; saved: string; yours: string }[] {
  return [
    {
      label: 'Sidste arbejdsdag',
      saved: open === null ? 'Ingen fratrædelse' : danishDay(open.lastDay),
      yours: typed(posted, 'dag'),
    },
    { label: 'Begrundelse', saved: open?.reason ?? '', yours: typed(posted, 'begrundelse') },
  ];
}

/** The planned departure as if it had just been typed. */
export function departureAsTyped(open: Departure | null): Posted {
  return {
    dag: open === null ? '' : danishDay(open.lastDay),
    begrundelse: open?.reason ?? '',
    version: versionOf(open),
  };
}

/** Aflys fratrædelse: what is planned, and one button. */
export function cancelDeparturePage(
  organisation: AddressedOrganisation,
  user: User,
  open: Departure,
  isStale = false,
): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const title = 'Aflys fratrædelse';
  const shown = page(
    'users/confirm',
    title,
    {
      title,
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      staleText: isStale
        ? 'En anden har ændret fratrædelsen, mens du så på siden. Se, hvad der gælder nu, og bekræft igen.'
        : null,
      facts: [
        { label: 'Sidste arbejdsdag', value: danishDay(open.lastDay) },
        { label: 'Begrundelse', value: open.reason },
        { label: 'Planlagt af', value: open.plannedBy ?? 'En administrator i en anden organisation' },
      ],
      text: 'Brugeren beholder sine roller og kan fortsat logge på efter dagen.',
      version: versionOf(open),
      button: 'Aflys fratrædelsen',
      paths: { form: `${path}/fratraedelse/aflys`, user: path },
    },
    usersCrumbs(organisation, user),
  );
  return isStale ? rejected(shown, 409) : shown;
}
