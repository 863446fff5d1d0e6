import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import { policyNames, securityPolicies } from './agreement.ts';
import { peopleRows } from './agreement-registration.forms.ts';
import type { ServiceChoice } from './agreements.queries.ts';
import { mostMegabytes } from './pdf.ts';

type AgreementFields = {
  services: ServiceChoice[];
  posted: Posted;
  errors: FieldErrors;
  /** How many administrators the form must name. */
  least: 0 | 1;
};

/** The fields of a signed form, as views/agreements/fields.ejs draws them. */
export function agreementFields({ services, posted, errors, least }: AgreementFields): object {
  const chosen = new Set(typedList(posted, 'service'));
  return {
    signature: [
      fieldOf({ name: 'underskriver', label: 'Underskrevet af', isRequired: true, hint: 'Fuldt navn' }, posted, errors),
      fieldOf({ name: 'underskrivertitel', label: 'Titel', isRequired: true, hint: 'Fx direktør' }, posted, errors),
      dayField({ name: 'underskrevet', label: 'Underskrevet den', isRequired: true }, posted, errors),
      dayField({ name: 'gaelderfra', label: 'Gælder fra', isRequired: true }, posted, errors),
      dayField(
        { name: 'gaeldertil', label: 'Gælder til og med', hint: 'dd-mm-åååå. Tom: aftalen har ingen slutdato.' },
        posted,
        errors,
      ),
    ],
    policies: securityPolicies.map((value) => ({
      value,
      label: policyNames[value],
      isChosen: typed(posted, 'politik') === value,
    })),
    policyError: errors.politik ?? null,
    otherPolicy: fieldOf(
      { name: 'andenpolitik', label: 'Standardens navn', hint: 'Kun ved en tilsvarende standard' },
      posted,
      errors,
    ),
    services: services.map(({ id, name }) => ({ id, name, isChosen: chosen.has(String(id)) })),
    serviceError: errors.service ?? null,
    administrators: peopleRows.map((row) => ({
      legend: row === 1 ? 'Organisationsadministrator' : 'Endnu en organisationsadministrator (frivilligt)',
      fields: administratorFields(row, { posted, errors, isRequired: row <= least }),
    })),
    contacts: peopleRows.map((row) => ({
      legend: row === 1 ? 'Kontaktperson' : 'Endnu en kontaktperson (frivilligt)',
      fields: contactFields(row, posted, errors),
    })),
    fileError: errors.fil ?? null,
    mostMegabytes,
  };
}

type Typed = { posted: Posted; errors: FieldErrors; isRequired: boolean };

function administratorFields(row: number, { posted, errors, isRequired }: Typed): Field[] {
  const of = (part: string, label: string, more: { hint?: string; isRequired?: boolean } = {}): Field =>
    fieldOf({ name: `adm${row}${part}`, label, ...more }, posted, errors);
  return [
    of('fornavn', 'Fornavn', { isRequired }),
    of('efternavn', 'Efternavn', { isRequired }),
    of('mail', 'E-mailadresse', { isRequired, hint: 'Hertil sendes, hvordan personen kommer i gang' }),
    of('rid', 'RID-nummer', { hint: 'Skriv RID-nummer eller UUID, som blanketten nævner det' }),
    of('uuid', 'UUID'),
  ];
}

function contactFields(row: number, posted: Posted, errors: FieldErrors): Field[] {
  return [
    fieldOf({ name: `kontakt${row}navn`, label: 'Navn' }, posted, errors),
    fieldOf({ name: `kontakt${row}mail`, label: 'E-mailadresse', inputmode: 'email' }, posted, errors),
  ];
}
