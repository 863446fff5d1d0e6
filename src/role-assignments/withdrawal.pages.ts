import { asJob } from '../bulk-orders/bulk-order.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import { chosenModel } from './assign.pages.ts';
import { placementText } from './assignment.ts';
import type { Chosen, Selection } from './selection.ts';
import { selectionFields } from './selection.ts';
import type { HeldRole, WithdrawalPreview } from './withdrawal.queries.ts';

export function withdrawalPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/fjern-roller${rest}`;
}

type Chooser = {
  organisation: AddressedOrganisation;
  selection: Selection;
  chosen: Chosen;
  services: ServiceChoice[];
  service: ServiceChoice | null;
  roles: HeldRole[];
  posted: Posted;
  errors: FieldErrors;
};

/** Fjern roller fra de valgte: which service, and which of its roles and places. */
export function withdrawalPage(chooser: Chooser): Page {
  const { organisation, selection, chosen, services, service, roles, posted, errors } = chooser;
  const ticked = new Set(typedList(posted, 'rolle'));
  const shown = page(
    'role-assignments/withdrawal',
    'Fjern roller',
    {
      organisation: { line: organisationLine(organisation) },
      ...chosenModel({ ...chosen, likeOneself: [] }),
      selectionFields: selectionFields(selection),
      services,
      service,
      roles: roles.map((role) => ({
        ...role,
        placement: placementText(role),
        holdersText: holdersText(role.holders, chosen.receivers.length),
        isTicked: ticked.has(role.key),
      })),
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: withdrawalPath(organisation),
        preview: withdrawalPath(organisation, '/gennemse'),
        list: usersPath(organisation),
      },
    },
    usersCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function holdersText(holders: number, chosen: number): string {
  if (chosen === 1) return 'Brugeren har rollen';
  return holders === chosen
    ? 'Alle de valgte har rollen'
    : `${counted(holders, 'bruger', 'brugere')} af de valgte har rollen`;
}

type Preview = {
  organisation: AddressedOrganisation;
  selection: Selection;
  chosen: Chosen;
  service: ServiceChoice;
  /** The ticked ones that are still held. */
  roles: HeldRole[];
  preview: WithdrawalPreview;
  posted: Posted;
  isOutdated: boolean;
  /** More assignments than this are taken away by a job. */
  mostAtOnce: number;
};

/** What "Fjern" will do, in words and numbers. */
export function withdrawalPreviewPage(previewed: Preview): Page {
  const { organisation, selection, chosen, service, roles, preview, posted, isOutdated } = previewed;
  const fields: [string, string][] = [
    ['fraservice', typed(posted, 'fraservice')],
    ...roles.map((role): [string, string] => ['rolle', role.key]),
  ];
  const shown = page(
    'role-assignments/withdrawal-preview',
    'Gennemse fjernelsen',
    {
      organisation: { line: organisationLine(organisation) },
      isOutdated,
      ...chosenModel({ ...chosen, likeOneself: [] }),
      serviceName: service.name,
      figures: [
        { label: 'Tildelinger, der fjernes', value: formatNumber(preview.assignments) },
        { label: 'Brugere, der mister roller', value: formatNumber(preview.users) },
        { label: 'Brugere, du ikke kan ændre', value: formatNumber(chosen.leftOut.length) },
      ],
      laterText: preview.later === 0 ? null : `${formatNumber(preview.later)} af tildelingerne er ikke begyndt endnu.`,
      roles: roles.map((role) => ({ ...role, placement: placementText(role), holders: formatNumber(role.holders) })),
      asJob: asJob(preview.assignments, previewed.mostAtOnce),
      mayWithdraw: preview.assignments > 0,
      buttonText: `Fjern ${counted(preview.assignments, 'tildeling', 'tildelinger')}`,
      fields: [...fields, ['antal', String(preview.assignments)]],
      backFields: [...selectionFields(selection), ...fields],
      paths: { form: withdrawalPath(organisation), save: savePath(previewed), list: usersPath(organisation) },
    },
    usersCrumbs(organisation),
  );
  return isOutdated ? rejected(shown, 409) : shown;
}

// The selection and the service stay in the address, so that the form can be shown again after a new login.
function savePath({ organisation, selection, service }: Preview): string {
  const fields = [...selectionFields(selection), ['fraservice', String(service.id)]];
  return withdrawalPath(organisation, `?${new URLSearchParams(fields).toString()}`);
}
