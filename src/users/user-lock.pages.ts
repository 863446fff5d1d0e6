import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import type { User } from './user.ts';
import { lockEndText } from './user.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from './users.pages.ts';

type Typed = { posted: Posted; errors: FieldErrors };

/** Spær bruger, or "Ret spærring" for a lock that is there; stale when somebody else changed the user meanwhile. */
export function lockPage(
  organisation: AddressedOrganisation,
  user: User,
  { posted, errors }: Typed,
  isStale = false,
): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const hasLock = user.isLocked || user.plannedLockFrom !== null;
  const shown = page(
    'users/lock',
    hasLock ? 'Ret spærring' : 'Spær bruger',
    {
      title: hasLock ? 'Ret spærring' : 'Spær bruger',
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), isLocked: user.isLocked },
      version: isStale ? String(user.version) : typed(posted, 'version') || String(user.version),
      start: typed(posted, 'start') || 'nu',
      startError: errors.start ?? null,
      from: dayField({ name: 'fra', label: 'Første dag', mark: 'kun når du har valgt “Fra en dato”' }, posted, errors),
      until: dayField(
        {
          name: 'til',
          label: 'Sidste dag',
          hint: 'dd-mm-åååå. SEB låser op, når dagen er slut. Tom: indtil nogen låser op.',
        },
        posted,
        errors,
      ),
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Begrundelse',
          isRequired: true,
          hint: 'Fx orlov. Kan ses af organisationens administratorer. Skriv ikke CPR-numre eller helbredsoplysninger.',
        },
        posted,
        errors,
      ),
      errors: errorList(errors),
      differences: isStale ? [{ label: 'Spærring', saved: lockText(user), yours: typedLock(posted) }] : null,
      onBehalf: null,
      paths: { form: `${path}/spaer`, user: path, departure: `${path}/fratraedelse` },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** The lock that is there as if it had just been typed; a new one begins at once. */
export function lockAsTyped(user: User): Posted {
  const isPlanned = user.plannedLockFrom !== null;
  const hasLock = user.isLocked || isPlanned;
  return {
    start: isPlanned ? 'dato' : 'nu',
    fra: isPlanned ? (user.plannedLockFrom ?? '') : '',
    til: hasLock ? (user.lockedUntil ?? '') : '',
    begrundelse: hasLock ? (user.lockReason ?? '') : '',
    version: String(user.version),
  };
}

/** "Spærret fra 01-12-2026 til og med 31-12-2026. Årsag: orlov" */
export function lockText(user: User): string {
  if (!user.isLocked && user.plannedLockFrom === null) return 'Ikke spærret';
  const from = user.plannedLockFrom ?? danishDay(user.lockedFromDay ?? '');
  const until = user.lockedUntil === null ? ', indtil nogen låser op' : lockEndText(user);
  return `Spærre${user.isLocked ? 't' : 's'} fra ${from}${until}. Årsag: ${user.lockReason ?? 'ikke oplyst'}`;
}

function typedLock(posted: Posted): string {
  const start = typed(posted, 'start') === 'dato' ? `fra ${typed(posted, 'fra')}` : 'nu';
  const until = typed(posted, 'til');
  return `Spær ${start}${until === '' ? '' : ` til og med ${until}`}. Årsag: ${typed(posted, 'begrundelse')}`;
}

/** Lås op, or cancelling a lock that lies ahead: what is there now, and one button. */
export function unlockPage(organisation: AddressedOrganisation, user: User, isStale = false): Page {
  const path = usersPath(organisation, `/${user.id}`);
  const title = user.isLocked ? 'Lås bruger op' : 'Aflys spærring';
  const shown = page(
    'users/confirm',
    title,
    {
      title,
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      staleText: isStale
        ? 'En anden har ændret brugeren, mens du så på siden. Se, hvad der gælder nu, og bekræft igen.'
        : null,
      facts: [{ label: 'Nu', value: lockText(user) }],
      text: user.isLocked
        ? 'Brugeren kan logge på igen med det samme og har de samme roller som før.'
        : 'Brugeren bliver ikke spærret på dagen og kan fortsat logge på.',
      version: String(user.version),
      button: user.isLocked ? 'Lås op' : 'Aflys spærringen',
      paths: { form: `${path}/laas-op`, user: path },
    },
    usersCrumbs(organisation, user),
  );
  return isStale ? rejected(shown, 409) : shown;
}
