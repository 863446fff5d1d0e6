import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { errorList } from '../users/users.pages.ts';

/** A page that says what one button will do, with a reason where one is asked for (views/organisations/deed.ejs). */
export type Deed = {
  title: string;
  lead: string;
  facts?: { label: string; value: string }[];
  texts: string[];
  fields?: Field[];
  boxes?: { name: string; label: string; isTicked: boolean }[];
  version: number;
  button: string;
  paths: { form: string; back: string };
  crumbs: Crumb[];
};

/** How the page came back after a post. */
export type DeedFault = { errors: FieldErrors; isStale: boolean };

export const noFault: DeedFault = { errors: {}, isStale: false };

export function deedPage(deed: Deed, { errors, isStale }: DeedFault): Page {
  const { crumbs, facts = [], fields = [], boxes = [], ...model } = deed;
  const shown = page(
    'organisations/deed',
    deed.title,
    { ...model, facts, fields, boxes, errors: errorList(errors), staleText: isStale ? overtaken : null },
    crumbs,
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

const overtaken = 'En anden har ændret det samme, mens du så på siden. Se, hvad der gælder nu, og bekræft igen.';

export function reasonField(posted: Posted, errors: FieldErrors): Field {
  const hint = 'Står i ændringsloggen. Skriv ikke CPR-numre eller helbredsoplysninger.';
  return fieldOf({ name: 'begrundelse', label: 'Begrundelse', isRequired: true, hint }, posted, errors);
}
