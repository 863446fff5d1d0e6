import { agreementFields } from '../agreements/agreement-fields.ts';
import type { ServiceChoice } from '../agreements/agreements.queries.ts';
import { mostMegabytes } from '../agreements/pdf.ts';
import type { Company } from '../cvr/company.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import { errorList } from '../users/users.pages.ts';
import { contactRows } from './organisation-contacts.forms.ts';
import { contactGroups } from './organisation-contacts.pages.ts';
import { organisationCrumbs } from './organisation.pages.ts';

export const creationPath = '/system/organisationer/opret';
/** Contact persons come with the agreement; here it is the sikkerhedsansvarlig alone. */
export const creationRows = contactRows.filter(({ kind }) => kind === 'SECURITY');

/** Opret organisation, first: which CVR number. */
export function chooseCvrPage(
  actor: Actor,
  typedCvr: string,
  error: { message: string; href: string | null } | null,
): Page {
  const errors: FieldErrors = error === null ? {} : { cvr: error.message };
  const hint = 'Otte cifre. Navn og status slås op i CVR.';
  const field = fieldOf(
    { name: 'cvr', label: 'CVR-nummer', isRequired: true, inputmode: 'numeric', hint },
    { cvr: typedCvr },
    errors,
  );
  const shown = page(
    'organisations/choose-cvr',
    'Opret organisation',
    {
      field,
      errors: errorList(errors),
      existing: error?.href ?? null,
      paths: { form: creationPath, back: '/organisationer' },
    },
    organisationCrumbs(actor),
  );
  return error === null ? shown : { ...shown, status: 422 };
}

export type CreationPage = {
  actor: Actor;
  company: Company;
  services: ServiceChoice[];
  posted: Posted;
  errors: FieldErrors;
  status: number;
};

/** … then: the signed agreement. What CVR says stands there and cannot be written. */
export function creationPage({ actor, company, services, posted, errors, status }: CreationPage): Page {
  const shown = page(
    'organisations/create',
    'Opret organisation',
    {
      company: {
        cvr: company.cvr,
        facts: [
          { label: 'Navn i CVR', value: company.name },
          { label: 'CVR-nummer', value: formatCvr(company.cvr) },
          { label: 'Status i CVR', value: company.status },
          { label: 'Adresse', value: company.address ?? 'Ikke oplyst' },
        ],
        warning:
          company.status.toLowerCase() === 'aktiv' || company.status.toLowerCase() === 'normal'
            ? null
            : `CVR siger “${company.status}”. Undersøg det, før du opretter organisationen.`,
      },
      agreement: agreementFields({ services, posted, errors, least: 1 }),
      security: contactGroups(creationRows, posted, errors),
      file: { error: errors.fil ?? null, mostMegabytes },
      errors: errorList(errors),
      paths: { form: creationPath, back: creationPath },
    },
    [...organisationCrumbs(actor)],
  );
  return { ...shown, status };
}
