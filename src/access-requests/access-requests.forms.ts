import { z } from 'zod';
import {
  danishDate,
  emailAddress,
  ids,
  oneOf,
  optionalLine,
  optionalText,
  requiredLine,
  wholeNumber,
} from '../http/forms.ts';
import { reasonFields, scopeField } from '../role-assignments/role-assignments.forms.ts';
import { sorCodes } from '../role-assignments/placements.ts';

// ddmmåå-xxxx, with or without the stroke: no CPR number is stored, mailed or shown.
const cprLike = /(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d)/;
const noCpr = { message: 'Teksten ser ud til at indeholde et CPR-nummer. Slet det, og send igen' };

function withoutCpr<Text extends string | null>(text: z.ZodType<Text, unknown>): z.ZodType<Text, unknown> {
  return text.refine((value) => value === null || !cprLike.test(value), noCpr);
}

const freeText = (label: string, longest: number) =>
  withoutCpr(optionalText(label, longest).pipe(z.string(`Skriv ${label}`)));

const chosen = z
  .preprocess((value) => (value === '' ? undefined : value), wholeNumber('Vælg på listen igen').optional())
  .transform((value) => value ?? null);

/** Anmod om adgang: what both forms of the request have. */
const ordinary = {
  brugertype: oneOf(['ny', 'eksisterende'], 'Vælg, om du skal oprettes som ny bruger'),
  email: emailAddress('din arbejdsmail'),
  beskrivelse: freeText('hvilke adgange du har brug for', 2000),
  rolle: ids('Vælg roller på listen', 20),
  sor: optionalLine('SOR-enheden', 40),
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
  modtager: chosen,
  stedfortraeder: chosen,
};

export const ordinaryForm = z.object({ ...ordinary, adgang: z.literal('almindelig') });

// In the order of the page, which is the order of its list of faults.
const { brugertype, email, ...others } = ordinary;
export const researchForm = z.object({
  brugertype,
  email,
  projektnummer: withoutCpr(requiredLine('projektnummeret', 100)),
  godkendelse: freeText('dataejerens godkendelse', 500),
  ...others,
  adgang: z.literal('forsker'),
  slutdato: danishDate('slutdatoen').pipe(z.string('Skriv, hvornår projektet slutter, som dd-mm-åååå')),
  forskermodtager: chosen,
});

export type AskForm = z.output<typeof ordinaryForm> | z.output<typeof researchForm>;

export const commentForm = z.object({ kommentar: freeText('en kommentar', 1000) });

const version = wholeNumber('Siden er for gammel. Åbn den igen, og gør det derfra');

export const handleForm = z.object({ version });
export const handOverForm = z.object({ version, til: wholeNumber('Vælg en administrator') });
export const rejectForm = z.object({ version, begrundelse: freeText('hvorfor anmodningen afvises', 1000) });

/** Godkend: the user as it is created, and what is actually given. */
export const approveForm = z.object({
  version,
  firstName: optionalLine('fornavn', 100),
  lastName: optionalLine('efternavn', 100),
  email: emailAddress('e-mailadresse').optional(),
  rolle: ids('Vælg roller på listen', 100),
  sor: sorCodes,
  omfang: scopeField,
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
  ...reasonFields,
  begrundelse: withoutCpr(reasonFields.begrundelse),
});

export const recipientForm = z.object({
  navn: requiredLine('navnet', 200),
  email: emailAddress('e-mailadressen'),
});
