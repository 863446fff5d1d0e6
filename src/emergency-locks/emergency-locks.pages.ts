import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { EmergencyLock } from './emergency-lock.ts';
import { emergencyActions, outcomeText } from './emergency-lock.ts';
import { locksPerPage } from './emergency-locks.queries.ts';

type Typed = { posted: Posted; errors: FieldErrors };

const caseField = {
  name: 'sagsnummer',
  label: 'Sagsnummer',
  isRequired: true,
  hint: 'Nummeret i servicedesks sagssystem. Hver sag kan kun bruges til én nødspærring.',
};
const reasonHint = 'Sendes til organisationens organisationsadministratorer og systemejeren. Skriv ikke CPR-numre.';

/** Nødspær bruger, the servicedesk's own page. */
export function emergencyLockPage(
  organisation: AddressedOrganisation,
  user: User,
  { posted, errors }: Typed,
  isStale = false,
): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const shown = page(
    'emergency-locks/lock',
    'Nødspær bruger',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), isLast: user.isLastOrganisationAdministrator },
      staleText: isStale
        ? 'En anden har ændret brugeren, mens du skrev. Se brugerens side, og nødspær igen, hvis det stadig er nødvendigt.'
        : null,
      fields: [
        fieldOf(caseField, posted, errors),
        fieldOf({ name: 'begrundelse', label: 'Begrundelse', isRequired: true, hint: reasonHint }, posted, errors),
      ],
      version: isStale ? String(user.version) : typed(posted, 'version') || String(user.version),
      errors: errorList(errors),
      paths: { form: `${path}/noedspaerring`, user: path },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** The emergency lock that is in force, with what the actor may do about it. */
export function shownLockPage(
  organisation: AddressedOrganisation,
  actor: Actor,
  user: User,
  lock: EmergencyLock,
): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const may = emergencyActions(actor, organisation.id, user);
  return page(
    'emergency-locks/show',
    'Nødspærring',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      facts: factsOf(lock),
      endsAt: lock.endsAt,
      may,
      paths: { confirm: `${path}/noedspaerring/bekraeft`, lift: `${path}/noedspaerring/ophaev`, user: path },
    },
    usersCrumbs(organisation, user),
  );
}

const endings = {
  bekraeft: {
    title: 'Bekræft nødspærring',
    text: 'Brugeren forbliver spærret uden slutdato, til en administrator låser op på brugerens side.',
    button: 'Bekræft nødspærringen',
    isRequired: false,
  },
  ophaev: {
    title: 'Ophæv nødspærring',
    text: 'Brugeren kan logge på igen med det samme, hvis der ikke også er en anden spærring.',
    button: 'Ophæv nødspærringen',
    isRequired: true,
  },
} as const;
export type Ending = keyof typeof endings;

/** Bekræft or Ophæv: one step with what it does. */
export function endLockPage(
  organisation: AddressedOrganisation,
  user: User,
  lock: EmergencyLock,
  ending: Ending,
  { posted, errors }: Typed,
): Page {
  const { title, isRequired, ...words } = endings[ending];
  const path = usersPath(organisation, `/${user.id}`);
  const hint = 'Står i ændringsloggen. Skriv ikke CPR-numre.';
  const shown = page(
    'emergency-locks/end',
    title,
    {
      title,
      ...words,
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      facts: factsOf(lock),
      lockId: String(lock.id),
      version: String(lock.version),
      fields: [fieldOf({ name: 'begrundelse', label: 'Begrundelse', isRequired, hint }, posted, errors)],
      errors: errorList(errors),
      paths: { form: `${path}/noedspaerring/${ending}`, back: `${path}/noedspaerring` },
    },
    usersCrumbs(organisation, user),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function factsOf(lock: EmergencyLock): { label: string; value: string }[] {
  return [
    { label: 'Sagsnummer', value: lock.caseNumber },
    { label: 'Begrundelse', value: lock.reason },
    { label: 'Spærret', value: lock.lockedAt },
    { label: 'Ophører af sig selv', value: lock.endsAt },
  ];
}

/** Nødspærringer of all organisations that the actor looks after, the latest first. */
export function emergencyLocksPage(locks: EmergencyLock[]): Page {
  const shown = locks.slice(0, locksPerPage);
  const model = {
    rows: shown.map((lock) => ({
      ...lock,
      cvrText: formatCvr(lock.cvr),
      state: outcomeText(lock.outcome),
      isOpen: lock.outcome === null,
      href: lock.userIsDeleted
        ? null
        : usersPath(lock, `/${lock.userId}${lock.outcome === null ? '/noedspaerring' : ''}`),
    })),
    next: locks.length > locksPerPage ? `/noedspaerringer?foer=${shown.at(-1)?.id ?? ''}` : null,
  };
  return page('emergency-locks/index', 'Nødspærringer', model, [home]);
}
