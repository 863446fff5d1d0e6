import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { isLikeOneself } from '../role-assignments/selection.ts';
import { formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import { batchesPath } from './batch-link.ts';
import { batchText } from './batch-words.ts';
import { batchCrumbs } from './batches.pages.ts';
import type { Outlook } from './undo.ts';
import { countLeft, countPossible, givesOneself } from './undo.ts';

export type ShownUndo = {
  organisation: AddressedOrganisation;
  actor: Actor;
  outlook: Outlook;
  posted: Posted;
  errors: FieldErrors;
  isOutdated: boolean;
};

/** Fortryd: what will happen, what will not and why, in numbers, and one button. */
export function undoPage({ organisation, actor, outlook, posted, errors, isOutdated }: ShownUndo): Page {
  const { batch, receivers, undoneBefore } = outlook;
  const path = batchesPath(organisation, `/${batch.reference}`);
  const possible = countPossible(outlook);
  const left = countLeft(outlook);
  const shown = page(
    'batches/undo',
    'Fortryd',
    {
      organisation: { line: organisationLine(organisation) },
      text: batchText(batch),
      at: formatDateTime(batch.at),
      isOutdated,
      figures: [
        { label: 'Kan fortrydes', value: formatNumber(possible) },
        { label: 'Kan ikke fortrydes', value: formatNumber(left) },
        ...(undoneBefore === 0 ? [] : [{ label: 'Fortrudt i forvejen', value: formatNumber(undoneBefore) }]),
      ],
      steps: stepsOf(outlook),
      left: outlook.left.map(({ reason, count }) => ({ reason, count: counted(count, 'række', 'rækker') })),
      likeOneself: [...receivers.values()].filter((user) => isLikeOneself(actor, user)).map(fullName),
      fields: [
        fieldOf(
          {
            name: 'begrundelse',
            label: 'Begrundelse',
            isRequired: givesOneself(outlook, actor),
            hint: 'Står i ændringsloggen. Skriv ikke CPR-numre.',
          },
          posted,
          errors,
        ),
      ],
      errors: errorList(errors),
      expected: String(possible),
      button: possible === 0 ? null : `Fortryd ${counted(possible, 'række', 'rækker')}`,
      paths: { save: `${path}/fortryd`, batch: path },
    },
    batchCrumbs(organisation, batch),
  );
  if (isOutdated) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function stepsOf({ withdrawn, givenBack, changedBack }: Outlook): string[] {
  const step = (count: number, one: string, many: string): string[] => (count === 0 ? [] : [counted(count, one, many)]);
  return [
    ...step(withdrawn.length, 'rolle fjernes igen med det samme.', 'roller fjernes igen med det samme.'),
    ...step(
      givenBack.length,
      'rolle tildeles igen fra nu af, i resten af sin periode.',
      'roller tildeles igen fra nu af, hver i resten af sin periode.',
    ),
    ...step(changedBack.length, 'tildeling rettes tilbage.', 'tildelinger rettes tilbage.'),
  ];
}
