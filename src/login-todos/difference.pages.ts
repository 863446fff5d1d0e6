import type { Posted } from '../http/forms.ts';
import { typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { todoCrumbs, todosPath } from '../todos/todos.pages.ts';
import { labelOf } from '../users/users.forms.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import { differencesNow, toldFields } from './difference.ts';
import type { LoginDifference } from './login-todos.queries.ts';

type Shown = { difference: LoginDifference; posted: Posted | null; error: string | null; isStale?: boolean };

/** Opdater bruger fra login: SEB's value beside the login's, all ticked to begin with. */
export function differencePage(
  organisation: AddressedOrganisation,
  { difference, posted, error, isStale = false }: Shown,
): Page {
  const { facts, user, todoId, createdOn, isDone } = difference;
  const path = `${todosPath(organisation)}/${todoId}`;
  const ticked = posted === null ? null : typedList(posted, 'felt');
  const drawn = page(
    'login-todos/difference',
    'Opdater bruger',
    {
      organisation: { line: organisationLine(organisation) },
      name: fullName(user),
      lead: `${fullName(user)} loggede på via ${facts.provider} den ${createdOn}. Loginet fortalte noget andet, end der står i SEB.`,
      isDone,
      isStale,
      errors: error === null ? [] : [{ field: 'felt', message: error }],
      rows: differencesNow(facts, user).map(({ field, inSeb, inLogin }) => ({
        field,
        label: labelOf(toldFields[field]),
        inSeb,
        inLogin,
        isTicked: ticked?.includes(field) ?? true,
      })),
      version: String(user.version),
      paths: {
        form: `${path}/opdater`,
        tick: `${path}/udfoert`,
        list: todosPath(organisation),
        edit: usersPath(organisation, `/${user.id}/rediger`),
      },
    },
    todoCrumbs(organisation, true),
  );
  if (isStale) return rejected(drawn, 409);
  return error === null ? drawn : rejected(drawn);
}
