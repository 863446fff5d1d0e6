import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { organisationRolesPath } from '../organisation-roles/organisation-roles.pages.ts';
import { needsText } from '../services/services.pages.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import type { AskableRole, AskableService } from './service-access.queries.ts';

type Asking = {
  organisation: AddressedOrganisation;
  /** The organisation's own form, or the system owner's for what came outside SEB. */
  kind: 'request' | 'register';
  services: AskableService[];
  serviceId: number | null;
  roles: AskableRole[];
  posted: Posted;
  errors: FieldErrors;
};

export function askPath(organisation: { cvr: string }, kind: Asking['kind']): string {
  return organisationRolesPath(organisation, kind === 'request' ? '/anmod' : '/registrer-anmodning');
}

/** Anmod om en service: first which, then its roles, what for and by which law. */
export function askPage(asking: Asking): Page {
  const { organisation, kind, services, serviceId, roles, posted, errors } = asking;
  const title = kind === 'request' ? 'Anmod om en service' : 'Registrer en anmodning';
  const ticked = new Set(typedList(posted, 'rolle'));
  const service = services.find(({ id }) => id === serviceId) ?? null;
  const shown = page(
    'service-access/ask',
    title,
    {
      title,
      button: kind === 'request' ? 'Send anmodning' : 'Registrer anmodning',
      organisation: { line: organisationLine(organisation) },
      intro:
        kind === 'request'
          ? 'Systemejeren ser anmodningen og afgør, om organisationen kan tildele rollerne. I får svar med mail.'
          : 'Brug siden, når organisationens sikkerhedsansvarlige har anmodet uden for SEB. Du afgør anmodningen bagefter.',
      services: services.map((one) => ({ ...one, isChosen: one.id === serviceId })),
      service,
      roles: roles.map((role) => ({
        ...role,
        needs: needsText(role),
        isTicked: ticked.has(String(role.id)),
        askedText: role.askedIn === null ? null : `Der er anmodet om rollen i anmodning nr. ${role.askedIn}`,
      })),
      roleError: errors.rolle ?? null,
      asked: kind === 'register' ? askedFields(posted, errors) : [],
      fields: askFields(posted, errors),
      errors: errorList(errors),
      paths: { form: askPath(organisation, kind), back: organisationRolesPath(organisation) },
    },
    [home, { label: 'Rettigheder til roller', href: organisationRolesPath(organisation) }],
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function askedFields(posted: Posted, errors: FieldErrors): Field[] {
  return [
    fieldOf(
      { name: 'anmodetaf', label: 'Anmodet af', isRequired: true, hint: 'Den sikkerhedsansvarliges navn.' },
      posted,
      errors,
    ),
    dayField({ name: 'modtaget', label: 'Modtaget den', isRequired: true }, posted, errors),
  ];
}

function askFields(posted: Posted, errors: FieldErrors): Field[] {
  const look = (name: string, label: string, more: Partial<Parameters<typeof fieldOf>[0]> = {}): Field =>
    fieldOf({ name, label, isRequired: true, ...more }, posted, errors);
  return [
    look('formaal', 'Formål', {
      kind: 'text',
      hint: 'Hvad medarbejderne skal bruge servicen til. Skriv ikke CPR-numre.',
    }),
    look('hjemmel', 'Hjemmel', {
      kind: 'text',
      hint: 'Loven eller aftalen, som giver ret til oplysningerne, fx sundhedsloven § 42 a.',
    }),
    look('kontaktnavn', 'Kontaktpersonens navn'),
    look('kontaktmail', 'Kontaktpersonens e-mailadresse', { inputmode: 'email' }),
    look('kontakttelefon', 'Kontaktpersonens telefon', { inputmode: 'tel', isRequired: false }),
  ];
}

/** What the person who asks need not type: they are the contact until they say otherwise. */
export function asContact(person: { firstName: string; lastName: string; email: string }): Posted {
  return { kontaktnavn: `${person.firstName} ${person.lastName}`, kontaktmail: person.email };
}

export function typedServiceId(fields: Posted): number | null {
  const text = typed(fields, 'service');
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
