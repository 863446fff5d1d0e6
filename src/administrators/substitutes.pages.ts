import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { administratorNames } from '../users/user.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import type { Administrator, Substitute } from './administrator.ts';
import { periodText, servicesText } from './administrator.ts';
import { administratorsCrumbs, administratorsPath } from './administrators.pages.ts';

type Shown = {
  organisation: AddressedOrganisation;
  actor: Actor;
  away: Administrator;
  substitutes: Substitute[];
  search: string;
  /** Users who match the search; at most fifty. */
  found: ChosenUser[];
  posted: Posted;
  errors: FieldErrors;
};

/** Vikar: who does the administrator's work for a while. */
export function substitutesPage({
  organisation,
  actor,
  away,
  substitutes,
  search,
  found,
  posted,
  errors,
}: Shown): Page {
  const path = administratorsPath(organisation, `/${away.id}/vikar`);
  const candidates = found.filter((user) => user.id !== away.userId && user.id !== actor.userId && !user.isLocked);
  const limit = away.services === null ? '' : `, kun ${servicesText(away.services)}`;
  const shown = page(
    'administrators/substitutes',
    'Vikar',
    {
      organisation: { line: organisationLine(organisation) },
      away: { name: fullName(away), role: `${administratorNames[away.kind]}${limit}` },
      substitutes: substitutes.map((one) => ({
        id: one.id,
        name: fullName(one),
        email: one.email,
        period: periodText(one),
        stateText: one.hasBegun ? 'I gang' : 'Ikke begyndt',
        end: `${path}/${one.id}/afslut`,
      })),
      search,
      candidates: candidates.map((user) => ({
        id: user.id,
        name: fullName(user),
        email: user.email,
        isChosen: typed(posted, 'vikar') === String(user.id),
      })),
      start: typed(posted, 'startdato'),
      stop: typed(posted, 'slutdato'),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        search: path,
        form: search === '' ? path : `${path}?${new URLSearchParams({ soeg: search }).toString()}`,
        list: administratorsPath(organisation),
      },
    },
    administratorsCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
