import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationCrumbs } from '../organisations/organisation.pages.ts';
import { organisationInWords, organisationPath } from '../organisations/organisation.ts';
import type { Actor } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { errorList } from '../users/users.pages.ts';
import type { Agreement } from './agreement.ts';
import { lastDayOf, periodText } from './agreement.ts';
import { agreementFields } from './agreement-fields.ts';
import type { ServiceChoice } from './agreements.queries.ts';
import { mostMegabytes } from './pdf.ts';

export type RegistrationPage = {
  actor: Actor;
  organisation: AddressedOrganisation;
  services: ServiceChoice[];
  /** The agreement that is renewed; null for one that stands by itself. */
  renews: Agreement | null;
  posted: Posted;
  errors: FieldErrors;
  status: number;
};

/** Registrér aftale, or Forny aftale: the fields of the signed form, and the form itself. */
export function registrationPage(shown: RegistrationPage): Page {
  const { actor, organisation, services, renews, posted, errors, status } = shown;
  const title = renews === null ? 'Registrér aftale' : 'Forny aftale';
  const path = organisationPath(organisation);
  const made = page(
    'agreements/register',
    title,
    {
      title,
      lead: organisationInWords(organisation),
      renews: renews === null ? null : `Den nye aftale følger efter aftalen ${periodText(renews)}.`,
      version: renews?.version ?? 0,
      agreement: agreementFields({ services, posted, errors, least: 0 }),
      file: { error: errors.fil ?? null, mostMegabytes },
      errors: errorList(errors),
      paths: {
        form: renews === null ? `${path}/aftaler/registrer` : `${path}/aftaler/${renews.id}/forny`,
        back: renews === null ? path : `${path}/aftaler/${renews.id}`,
      },
    },
    organisationCrumbs(actor, organisation),
  );
  return { ...made, status };
}

/** What a renewal begins with: the services and the policy of before, from the day after. */
export function renewalAsTyped(renews: Agreement, serviceIds: number[]): Posted {
  const lastDay = lastDayOf(renews);
  return {
    gaelderfra: lastDay === null ? '' : danishDay(dayAfter(lastDay)),
    politik: renews.securityPolicy,
    andenpolitik: renews.securityPolicyName ?? '',
    service: serviceIds.map(String),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
