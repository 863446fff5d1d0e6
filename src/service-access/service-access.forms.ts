import { z } from 'zod';
import { danishDate, emailAddress, ids, optionalLine, optionalText, requiredLine, wholeNumber } from '../http/forms.ts';
import type { RequestInput } from './service-access.ts';

const roles = ids('Vælg roller på listen', 200).refine((list) => list.length > 0, { message: 'Vælg mindst én rolle' });

const requiredText = (label: string, longest: number) => optionalText(label, longest).pipe(z.string(`Skriv ${label}`));

const asked = {
  service: wholeNumber('Vælg en service'),
  rolle: roles,
  formaal: requiredText('formålet', 2000),
  hjemmel: requiredText('hjemlen', 1000),
  kontaktnavn: requiredLine('kontaktpersonens navn', 200),
  kontaktmail: emailAddress('kontaktpersonens e-mailadresse'),
  kontakttelefon: optionalLine('kontaktpersonens telefon', 40),
};

/** Anmod om en service. */
export const requestForm = z.object(asked);

/** Registrer en anmodning: who asked outside SEB, and when. */
export const registerForm = z.object({
  ...asked,
  anmodetaf: requiredLine('navnet på den, der har anmodet', 200),
  modtaget: danishDate('dagen').pipe(z.string('Skriv dagen som dd-mm-åååå, fx 31-12-2026')),
});

/** Afgør: the ticked roles are granted, the others rejected; a rejection says why. */
export const decideForm = z.object({
  rolle: ids('Vælg roller på listen', 200),
  begrundelse: optionalText('begrundelse', 1000),
});

export function requestInputOf(form: z.output<typeof requestForm>): Omit<RequestInput, 'asked'> {
  return {
    serviceId: form.service,
    roleIds: form.rolle,
    purpose: form.formaal,
    legalBasis: form.hjemmel,
    contactName: form.kontaktnavn,
    contactEmail: form.kontaktmail,
    contactPhone: form.kontakttelefon,
  };
}
