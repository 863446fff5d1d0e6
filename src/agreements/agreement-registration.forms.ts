import { z } from 'zod';
import type { Posted } from '../http/forms.ts';
import { danishDate, emailAddress, ids, oneOf, optionalLine, requiredLine, typed } from '../http/forms.ts';
import { dayInDenmark } from '../shared/dates.ts';
import type { SecurityPolicy } from './agreement.ts';
import { securityPolicies } from './agreement.ts';

/** So many rows of people the form has. */
export const peopleRows = [1, 2] as const;

export type NamedPerson = {
  firstName: string;
  lastName: string;
  email: string;
  rid: string | null;
  uuid: string | null;
};

/** What is registered of a signed form. */
export type Registration = {
  signerName: string;
  signerTitle: string;
  signedOn: string;
  validFrom: string;
  validTo: string | null;
  securityPolicy: SecurityPolicy;
  securityPolicyName: string | null;
  services: number[];
  contacts: { name: string; email: string }[];
  administrators: NamedPerson[];
};

const requiredDay = (label: string) => danishDate(label).pipe(z.string(`Skriv ${label} som dd-mm-åååå, fx 31-12-2026`));
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const fields = z
  .object({
    underskriver: requiredLine('underskriverens navn', 200),
    underskrivertitel: requiredLine('underskriverens titel', 200),
    underskrevet: requiredDay('dagen for underskriften'),
    gaelderfra: requiredDay('den første dag, aftalen gælder,'),
    gaeldertil: danishDate('den sidste dag, aftalen gælder'),
    politik: oneOf(securityPolicies, 'Vælg den sikkerhedspolitik, som blanketten erklærer'),
    andenpolitik: optionalLine('standardens navn', 200),
    service: ids('Vælg services på listen', 500),
  })
  .superRefine((form, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (form.underskrevet > dayInDenmark()) fault('underskrevet', 'Underskriften kan ikke ligge i fremtiden');
    if (form.gaeldertil !== null && form.gaeldertil < form.gaelderfra)
      fault('gaeldertil', 'Sidste dag kan ikke ligge før første dag');
    if (form.politik === 'OTHER' && form.andenpolitik === null)
      fault('andenpolitik', 'Skriv, hvilken standard politikken følger');
    if (form.service.length === 0) fault('service', 'Vælg mindst én service, som aftalen dækker');
  });

/** A person's row of the form; a row that is empty as a whole is left out. */
function personForm(row: number) {
  return z.object({
    [`adm${row}fornavn`]: requiredLine('fornavn', 100),
    [`adm${row}efternavn`]: requiredLine('efternavn', 100),
    [`adm${row}mail`]: emailAddress('e-mailadresse'),
    [`adm${row}rid`]: optionalLine('RID-nummer', 64),
    [`adm${row}uuid`]: optionalLine('UUID', 36),
  });
}

function contactForm(row: number) {
  return z.object({
    [`kontakt${row}navn`]: requiredLine('navn', 200),
    [`kontakt${row}mail`]: emailAddress('e-mailadresse'),
  });
}

type Result = { ok: true; value: Registration } | { ok: false; errors: Record<string, string> };

/** Reads the fields of a signed form; `least` is how many administrators it must name. */
export function readRegistration(posted: Posted, least: 0 | 1): Result {
  const errors: Record<string, string> = {};
  const note = (error: z.ZodError): void => {
    for (const issue of error.issues) errors[String(issue.path[0] ?? 'form')] ??= issue.message;
  };
  const main = fields.safeParse(posted);
  if (!main.success) note(main.error);
  const administrators = peopleRows.flatMap((row) => readPerson(posted, row, errors));
  const contacts = peopleRows.flatMap((row) => readContact(posted, row, errors));
  if (Object.keys(errors).length === 0) noteDoubles(administrators, errors);
  if (administrators.length < least && !('adm1fornavn' in errors))
    errors.adm1fornavn ??= 'Skriv den organisationsadministrator, som blanketten nævner';
  if (!main.success || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { ...inEnglish(main.data), administrators, contacts } };
}

function inEnglish(form: z.output<typeof fields>): Omit<Registration, 'administrators' | 'contacts'> {
  return {
    signerName: form.underskriver,
    signerTitle: form.underskrivertitel,
    signedOn: form.underskrevet,
    validFrom: form.gaelderfra,
    validTo: form.gaeldertil,
    securityPolicy: form.politik,
    securityPolicyName: form.politik === 'OTHER' ? form.andenpolitik : null,
    services: form.service,
  };
}

function readPerson(posted: Posted, row: number, errors: Record<string, string>): NamedPerson[] {
  const names = ['fornavn', 'efternavn', 'mail', 'rid', 'uuid'].map((part) => `adm${row}${part}`);
  if (names.every((name) => typed(posted, name).trim() === '')) return [];
  const read = personForm(row).safeParse(posted);
  if (!read.success) {
    for (const issue of read.error.issues) errors[String(issue.path[0])] ??= issue.message;
    return [];
  }
  const part = (name: string): string | null => (read.data[`adm${row}${name}`] as string | null) ?? null;
  const [rid, uuid] = [part('rid'), part('uuid')?.toLowerCase() ?? null];
  if (rid === null && uuid === null) errors[`adm${row}rid`] ??= 'Skriv RID-nummeret eller UUID, som blanketten nævner';
  if (uuid !== null && !uuidForm.test(uuid))
    errors[`adm${row}uuid`] ??= 'Skriv UUID med 32 cifre og bogstaver a-f, fx 123e4567-e89b-12d3-a456-426614174000';
  return [
    { firstName: part('fornavn') ?? '', lastName: part('efternavn') ?? '', email: part('mail') ?? '', rid, uuid },
  ];
}

function readContact(posted: Posted, row: number, errors: Record<string, string>): { name: string; email: string }[] {
  const [name, email] = [`kontakt${row}navn`, `kontakt${row}mail`];
  if ([name, email].every((field) => typed(posted, field).trim() === '')) return [];
  const read = contactForm(row).safeParse(posted);
  if (read.success) return [{ name: read.data[name] as string, email: read.data[email] as string }];
  for (const issue of read.error.issues) errors[String(issue.path[0])] ??= issue.message;
  return [];
}

function noteDoubles(people: NamedPerson[], errors: Record<string, string>): void {
  const [first, second] = people;
  if (first === undefined || second === undefined) return;
  if (first.rid !== null && first.rid === second.rid) errors.adm2rid ??= 'To personer kan ikke have samme RID-nummer';
  if (first.uuid !== null && first.uuid === second.uuid) errors.adm2uuid ??= 'To personer kan ikke have samme UUID';
}
